/** What a load on the embedded platform came to, from the pods that there were and the answers that they gave. */
import type { V1Pod } from "@kubernetes/client-node";
import type { Outcome } from "../../operations/load/request";
import { isReady } from "../../operations/stack/pods";

/** The pods of a model at a moment, those that start or end too. */
export interface Sighting {
  /** Seconds from the start of the load. */
  readonly at: number;
  readonly pods: readonly {
    readonly uid: string;
    readonly name: string;
    readonly ready: boolean;
    readonly ending: boolean;
  }[];
}

export function sighting(at: number, pods: readonly V1Pod[]): Sighting {
  return {
    at,
    pods: pods.map((pod) => ({
      uid: pod.metadata?.uid ?? "",
      name: pod.metadata?.name ?? "",
      ready: isReady(pod),
      ending: pod.metadata?.deletionTimestamp !== undefined,
    })),
  };
}

/** Seconds that all pods together existed until `end`. */
export function podSeconds(sightings: readonly Sighting[], end: number): number {
  return sightings.reduce((sum, { at, pods }, index) => {
    const until = Math.min(end, sightings[index + 1]?.at ?? end);
    return sum + pods.length * Math.max(0, until - at);
  }, 0);
}

/**
 * Seconds from the first sight of each pod that was made meanwhile to the beginning of its first answer: its start, the probe that finds it
 * ready, and the gateway's check that finds it healthy.
 *
 * @param serviceSeconds how long an answer takes that waits for nothing
 */
export function warmUps(
  sightings: readonly Sighting[],
  outcomes: readonly Outcome[],
  serviceSeconds: (outcome: Outcome) => number,
): number[] {
  const before = new Set(sightings[0]?.pods.map(({ uid }) => uid));
  const made = new Map<string, { readonly name: string; readonly at: number }>();
  for (const { at, pods } of sightings) {
    for (const { uid, name } of pods) {
      if (!before.has(uid) && !made.has(uid)) {
        made.set(uid, { name, at });
      }
    }
  }
  return [...made.values()].flatMap(({ name, at }) => {
    const begun = outcomes
      .filter(({ replica, error }) => replica === name && error === undefined)
      .map((outcome) => (outcome.atMs + outcome.totalMs) / 1000 - serviceSeconds(outcome))
      .filter((start) => start >= at);
    return begun.length === 0 ? [] : [Math.min(...begun) - at];
  });
}
