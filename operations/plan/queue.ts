/** The gateway's queue of a model: `gateway.routing.admission`. */
export interface QueueSettings {
  /** Longest queue, requests for each place of the replicas that take requests; Infinity for one without bound. */
  readonly perPlace: number;
  /** Longest wait, seconds; Infinity for one without bound. */
  readonly seconds: number;
  /** Whether another model answers what does not fit or waits too long; otherwise it is refused. */
  readonly fallback: boolean;
}

/** A queue in which every request may wait, as long as it takes. */
export const UNBOUNDED = { perPlace: Infinity, seconds: Infinity } as const;

/** Requests that wait for a free slot, first come first served. */
export class Queue {
  private readonly entries: { readonly index: number; readonly at: number }[] = [];
  private head = 0;

  public constructor(private readonly settings: QueueSettings) {}

  public get length(): number {
    return this.entries.length - this.head;
  }

  /** When the first one has waited too long, seconds; Infinity where nobody waits. */
  public get nextExpiry(): number {
    const first = this.entries[this.head];
    return first === undefined ? Infinity : first.at + this.settings.seconds;
  }

  /** Whether one more may wait, with so many places. */
  public hasRoom(places: number): boolean {
    return this.length < (places === 0 ? this.whileAsleep() : this.settings.perPlace * places);
  }

  public push(index: number, at: number): void {
    this.entries.push({ index, at });
  }

  /** Takes the first one out. @throws RangeError where nobody waits */
  public shift(): number {
    const first = this.entries[this.head];
    if (first === undefined) {
      throw new RangeError("nobody waits");
    }
    this.head += 1;
    if (this.head > 1000 && this.head * 2 > this.entries.length) {
      this.entries.splice(0, this.head);
      this.head = 0;
    }
    return first.index;
  }

  /** Takes all out. */
  public drain(): number[] {
    return this.entries.splice(this.head).map(({ index }) => index);
  }

  /** Without a place a bound by places lets nobody wait; a queue without bound lets everybody. */
  private whileAsleep(): number {
    return this.settings.perPlace === Infinity ? Infinity : 0;
  }
}
