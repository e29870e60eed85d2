import type { Observation } from "./run";

export interface Range {
  readonly least: number;
  readonly most: number;
}

/** Replicas of one autoscaled workload over a load. */
export interface WorkloadReplicas {
  readonly name: string;
  readonly namespace: string;
  /** Pods that the autoscaler wanted. */
  readonly wanted: Range;
  readonly ready: Range;
  /** Seconds with fewer ready pods than were wanted. */
  readonly shortSeconds: number;
  readonly asleepSeconds: number;
  /** Seconds from each time that it was wanted to its first ready pod, as far as the load saw both. */
  readonly wakingSeconds: readonly number[];
}

/** What became of each workload, by what was seen: a state lasts until the next look. */
export function replicasOf(observations: readonly Observation[]): WorkloadReplicas[] {
  const seen = new Map<string, Look[]>();
  for (const [index, { second, workloads }] of observations.entries()) {
    const until = observations[index + 1]?.second ?? second;
    for (const workload of workloads) {
      const key = `${workload.namespace}/${workload.name}`;
      seen.set(key, [...(seen.get(key) ?? []), { ...workload, second, lasted: until - second }]);
    }
  }
  return [...seen.values()].flatMap((looks) => {
    const [first] = looks;
    return first === undefined
      ? []
      : [
          {
            name: first.name,
            namespace: first.namespace,
            wanted: rangeOf(looks.map(({ wanted }) => wanted)),
            ready: rangeOf(looks.map(({ ready }) => ready)),
            shortSeconds: lasting(looks, ({ wanted, ready }) => ready < wanted),
            asleepSeconds: lasting(looks, ({ phase }) => phase === "asleep"),
            wakingSeconds: wakings(looks),
          },
        ];
  });
}

type Look = Observation["workloads"][number] & {
  readonly second: number;
  /** Seconds to the next look. */
  readonly lasted: number;
};

function rangeOf(values: readonly number[]): Range {
  return { least: Math.min(...values), most: Math.max(...values) };
}

function lasting(looks: readonly Look[], holds: (look: Look) => boolean): number {
  return looks.filter(holds).reduce((sum, { lasted }) => sum + lasted, 0);
}

function wakings(looks: readonly Look[]): number[] {
  const found: number[] = [];
  let since: number | undefined;
  let before: Look["phase"];
  for (const { phase, second } of looks) {
    // One that was waking already when the load began has taken nobody knows how long.
    if (before === "asleep" && phase !== "asleep") {
      since = second;
    }
    if (phase === undefined && since !== undefined) {
      found.push(second - since);
    }
    since = phase === "waking" ? since : undefined;
    before = phase;
  }
  return found;
}
