/** What whoever decides on the replicas sees. */
export interface Snapshot {
  /** `spec.replicas`. */
  readonly wanted: number;
  /** `status.replicas`: pods that exist, starting and ending ones too. */
  readonly existing: number;
  /** Pods that are not ready yet; those that end are none. */
  readonly starting: number;
  /** Requests in the slots of each replica that takes requests. */
  readonly running: readonly number[];
  /** Requests that wait in the gateway for a free slot. */
  readonly waiting: number;
  /** Requests that have come so far, whatever became of them. */
  readonly asked: number;
}

/** Decides how many replicas there are to be. */
export interface Control {
  /** When it looks next, seconds; Infinity when it never does again. */
  readonly nextAt: number;
  /** Looks. @returns replicas that there are to be */
  look(now: number, snapshot: Snapshot): number;
}

/** A number of replicas from a moment on. */
export interface Step {
  readonly at: number;
  readonly replicas: number;
}

/** Replicas by the clock: a fixed number, or what somebody has planned. */
export class Script implements Control {
  private index = 0;

  /** @param steps in the order of their times */
  public constructor(private readonly steps: readonly Step[]) {}

  public get nextAt(): number {
    return this.steps[this.index]?.at ?? Infinity;
  }

  public look(now: number, { wanted }: Snapshot): number {
    let replicas = wanted;
    for (let step = this.steps[this.index]; step !== undefined && step.at <= now;) {
      replicas = step.replicas;
      this.index += 1;
      step = this.steps[this.index];
    }
    return replicas;
  }
}
