/** Compute resources of one container, as Kubernetes quantities (`500m`, `1Gi`). */
export interface ContainerResources {
  /** What the scheduler sets aside, by resource. */
  readonly requests: Readonly<Record<string, string>>;
  /** What the container may use at most, by resource. */
  readonly limits: Readonly<Record<string, string>>;
}
