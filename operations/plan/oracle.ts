import type { Arrival } from "../load/profile";
import { firstTokenSeconds, serviceSeconds } from "./model";
import type { Answer, Run, Sample, Scenario } from "./simulate";

/** What an oracle is to reach, and within which bounds. */
export interface OracleSettings {
  /** Seconds within which each request is to have its first token. */
  readonly goalSeconds: number;
  readonly minReplicas: number;
  readonly maxReplicas: number;
  /** Replicas that serve from second 0. */
  readonly initialReplicas: number;
}

interface Interval {
  readonly start: number;
  end: number;
}

/** Seconds between two samples. */
const SAMPLE_SECONDS = 15;

/**
 * What somebody who knows the arrivals would do: each request goes to the lowest slot that is free, or will be in time; a replica is there
 * while one of its slots is used, pays for its start like every other one, and stays through a gap that is shorter than a start. Greedy: a plan
 * that the autoscalers are measured against, and no proof that there is none cheaper.
 *
 * Every request is within the goal, unless `maxReplicas` are not enough.
 */
export function oracle(scenario: Scenario, settings: OracleSettings): Run {
  const { arrivals, times, fleet } = scenario;
  const seconds = (arrivals.at(-1)?.atMs ?? 0) / 1000;
  const startSeconds = fleet.bootSeconds + fleet.startSeconds;
  const places = settings.maxReplicas * fleet.slots;
  const freeAt: number[] = [];
  const busy: Interval[][] = [];
  const waits: number[] = [];
  for (const arrival of arrivals) {
    const at = arrival.atMs / 1000;
    const patience = Math.max(0, settings.goalSeconds - firstTokenSeconds(times, arrival));
    const slot = chooseSlot(freeAt, at, patience, places);
    const start = Math.max(at, freeAt[slot] ?? 0);
    const end = start + serviceSeconds(times, arrival);
    freeAt[slot] = end;
    (busy[Math.floor(slot / fleet.slots)] ??= []).push({ start, end });
    waits.push(start - at);
  }
  const kept = Array.from(
    { length: Math.max(busy.length, settings.minReplicas) },
    (_, replica): Interval[] =>
      replica < settings.minReplicas
        ? [{ start: 0, end: seconds }]
        : paidFor(busy[replica] ?? [], {
            startSeconds,
            // One that serves at the beginning needs no start, if it is used before it would be worth its end.
            ready: replica < settings.initialReplicas,
          }),
  ).flat();
  const hours =
    kept.reduce((sum, { start, end }) => sum + Math.max(0, Math.min(end, seconds) - start), 0) /
    3600;
  return {
    answers: arrivals.map((arrival, index) => answer(scenario, arrival, waits[index] ?? 0)),
    samples: samples(kept, seconds),
    seconds,
    replicaHours: hours,
    nodeHours: hours,
  };
}

/** The lowest slot that is free; else the one that is free soonest, if that is in time or there may be no further one; else a new one. */
function chooseSlot(
  freeAt: readonly number[],
  at: number,
  patience: number,
  places: number,
): number {
  let soonest = -1;
  for (const [slot, free] of freeAt.entries()) {
    if (free <= at) {
      return slot;
    }
    if (soonest === -1 || free < (freeAt[soonest] ?? Infinity)) {
      soonest = slot;
    }
  }
  const inTime = soonest !== -1 && (freeAt[soonest] ?? Infinity) <= at + patience;
  return inTime || freeAt.length >= places ? soonest : freeAt.length;
}

/** The time that a replica is paid for: its use, its starts, and gaps that cost less than another start. */
function paidFor(
  busy: readonly Interval[],
  { startSeconds, ready }: { readonly startSeconds: number; readonly ready: boolean },
): Interval[] {
  const used: Interval[] = [];
  for (const { start, end } of [...busy].sort((left, right) => left.start - right.start)) {
    const last = used.at(-1);
    if (last !== undefined && start - last.end <= startSeconds) {
      last.end = Math.max(last.end, end);
    } else {
      used.push({ start, end });
    }
  }
  return used.map(({ start, end }, index) => ({
    start: index === 0 && ready && start <= startSeconds ? 0 : Math.max(0, start - startSeconds),
    end,
  }));
}

function answer({ times }: Scenario, arrival: Arrival, waitSeconds: number): Answer {
  return {
    at: arrival.atMs / 1000,
    fate: "answered",
    waitSeconds,
    firstTokenSeconds: waitSeconds + firstTokenSeconds(times, arrival),
  };
}

function samples(kept: readonly Interval[], seconds: number): Sample[] {
  return Array.from({ length: Math.floor(seconds / SAMPLE_SECONDS) + 1 }, (_, index) => {
    const at = index * SAMPLE_SECONDS;
    const existing = kept.filter(({ start, end }) => start <= at && at < end).length;
    return {
      at,
      wanted: existing,
      existing,
      ready: existing,
      nodes: existing,
      running: 0,
      waiting: 0,
    };
  });
}
