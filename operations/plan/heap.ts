/** What happens at a time. */
export interface Timed {
  /** Seconds. */
  readonly at: number;
}

/** Events by time; those of the same time in the order in which they were added, so that a run is the same every time. */
export class Heap<T extends Timed> {
  private readonly entries: { readonly order: number; readonly event: T }[] = [];
  private added = 0;

  /** Time of the next event; Infinity where there is none. */
  public get next(): number {
    return this.entries[0]?.event.at ?? Infinity;
  }

  public push(event: T): void {
    const { entries } = this;
    let index = entries.length;
    const entry = { order: this.added++, event };
    entries.push(entry);
    while (index > 0) {
      const above = (index - 1) >> 1;
      const parent = entries[above];
      if (parent === undefined || !before(entry, parent)) {
        break;
      }
      entries[index] = parent;
      index = above;
    }
    entries[index] = entry;
  }

  /** Takes the next event out. @returns undefined where there is none */
  public pop(): T | undefined {
    const { entries } = this;
    const first = entries[0];
    const last = entries.pop();
    if (first === undefined || last === undefined || entries.length === 0) {
      return first?.event;
    }
    let index = 0;
    for (;;) {
      let child = 2 * index + 1;
      const left = entries[child];
      const right = entries[child + 1];
      if (left === undefined) {
        break;
      }
      let lower = left;
      if (right !== undefined && before(right, left)) {
        child += 1;
        lower = right;
      }
      if (before(last, lower)) {
        break;
      }
      entries[index] = lower;
      index = child;
    }
    entries[index] = last;
    return first.event;
  }
}

function before(
  left: { readonly order: number; readonly event: Timed },
  right: { readonly order: number; readonly event: Timed },
): boolean {
  return (
    left.event.at < right.event.at || (left.event.at === right.event.at && left.order < right.order)
  );
}
