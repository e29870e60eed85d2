/** An argument that AWS would refuse, and why. */
export interface Refusal {
  readonly property: string;
  readonly reason: string;
}
