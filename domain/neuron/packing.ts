/** Pods of one kind: what each requests, by dimension, and how many there are. */
export interface PodKind {
  /** Amounts in the order of the node's. */
  readonly requests: readonly number[];
  /** How many may run at once. */
  readonly count: number;
}

/** Ways to fill a node that a search looks at before it gives up: a second's work, and far more than a few models need. */
const MOST_LOOKS = 200_000;

/**
 * Whether all pods can be placed on `nodes` equal nodes of the given size, a pod never on more than one.
 *
 * The answer "no" is proven: by what cannot fit in sum, or by a search through all ways to fill a node. Where neither ends the answer is
 * "yes", for a configuration is not refused on a guess.
 */
export function placeable(
  kinds: readonly PodKind[],
  nodes: number,
  capacity: readonly number[],
): boolean {
  const pods = kinds.filter(({ count }) => count > 0);
  if (pods.some(({ requests }) => !fits(requests, capacity))) {
    return false;
  }
  const overflows = capacity.some(
    (amount, dimension) =>
      pods.reduce((sum, pod) => sum + pod.count * at(pod, dimension), 0) > nodes * amount,
  );
  return (
    !overflows &&
    new Search(pods, capacity).place(
      pods.map(({ count }) => count),
      nodes,
    )
  );
}

/** Fills one node after the other, each as full as it gets, and remembers what could not be finished. */
class Search {
  private readonly dead = new Set<string>();
  private looks = 0;

  public constructor(
    private readonly pods: readonly PodKind[],
    private readonly capacity: readonly number[],
  ) {}

  public place(counts: readonly number[], nodes: number): boolean {
    const state = `${nodes}:${counts.join()}`;
    if (counts.every((count) => count === 0)) {
      return true;
    }
    if (nodes === 0 || this.dead.has(state)) {
      return false;
    }
    for (const taken of this.fillings(counts, this.capacity)) {
      const left = counts.map((count, kind) => count - (taken[kind] ?? 0));
      if (this.looks > MOST_LOOKS || this.place(left, nodes - 1)) {
        return true;
      }
    }
    this.dead.add(state);
    return this.looks > MOST_LOOKS;
  }

  /** The ways to fill one node to which no further pod can be added, those with most of the first kinds first. */
  private *fillings(
    counts: readonly number[],
    free: readonly number[],
    kind = 0,
  ): Generator<readonly number[]> {
    const pod = this.pods[kind];
    if (pod === undefined) {
      yield [];
      return;
    }
    const most = Math.min(counts[kind] ?? 0, howMany(pod, free));
    for (let taken = most; taken >= 0 && this.looks <= MOST_LOOKS; taken -= 1) {
      const rest = free.map((amount, dimension) => amount - taken * at(pod, dimension));
      for (const further of this.fillings(counts, rest, kind + 1)) {
        this.looks += 1;
        // With one of these left and room for it, the filling with one more is better in every way.
        if (taken === most || !fits(pod.requests, this.without(rest, further, kind + 1))) {
          yield [taken, ...further];
        }
      }
    }
  }

  private without(free: readonly number[], taken: readonly number[], from: number): number[] {
    return free.map((amount, dimension) =>
      taken.reduce((left, count, index) => {
        const pod = this.pods[from + index];
        return pod === undefined ? left : left - count * at(pod, dimension);
      }, amount),
    );
  }
}

function howMany(pod: PodKind, free: readonly number[]): number {
  return Math.min(
    ...free.map((amount, dimension) => {
      const request = at(pod, dimension);
      return request > 0 ? Math.floor(amount / request) : Infinity;
    }),
  );
}

function fits(requests: readonly number[], capacity: readonly number[]): boolean {
  return capacity.every((amount, dimension) => (requests[dimension] ?? 0) <= amount);
}

function at({ requests }: PodKind, dimension: number): number {
  return requests[dimension] ?? 0;
}
