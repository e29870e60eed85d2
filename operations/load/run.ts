import { messageOf } from "../../domain/failure";
import { pause } from "../../domain/pause";
import type { WorkloadState } from "../stack/platformState";
import type { Arrival } from "./profile";
import { send, type Outcome, type RequestTarget } from "./request";

/** Autoscaled workloads at a moment of the load. */
export interface Observation {
  /** Seconds from the start of the load. */
  readonly second: number;
  readonly workloads: readonly WorkloadState[];
}

/** A load that runs, or has ended. */
export interface LoadRun {
  readonly startedAt: Date;
  readonly outcomes: readonly Outcome[];
  readonly observations: readonly Observation[];
  /** Requests that have been sent and not answered. */
  readonly inFlight: number;
  /** Seconds since the start; stands still once the load has ended. */
  readonly seconds: number;
  /** Why the platform could not be looked at, the last time it could not. */
  readonly blind: string | undefined;
}

export interface LoadOptions {
  readonly target: RequestTarget;
  readonly arrivals: readonly Arrival[];
  /** Requests at a time; one that would be more is not sent and counts as failed, so that this client does not choke. */
  readonly mostInFlight: number;
  readonly observe: () => Promise<readonly WorkloadState[]>;
  readonly observeSeconds: number;
  /** Ends the load early: what is under way is given up and not counted. */
  readonly signal: AbortSignal;
}

/**
 * Sends requests at the times of the profile, whether or not earlier ones were answered.
 *
 * @param onStart receives the run, which changes while the load goes on
 */
export async function runLoad(
  options: LoadOptions,
  onStart: (run: LoadRun) => void,
): Promise<LoadRun> {
  const { arrivals, target, signal, mostInFlight } = options;
  const outcomes: Outcome[] = [];
  const observations: Observation[] = [];
  const origin = performance.now();
  const name = `load ${Date.now()}`;
  const underWay = new Set<Promise<void>>();
  let end: number | undefined = undefined;
  let blind: string | undefined;
  const secondsNow = () => ((end ?? performance.now()) - origin) / 1000;
  const run: LoadRun = {
    startedAt: new Date(),
    outcomes,
    observations,
    get inFlight() {
      return underWay.size;
    },
    get seconds() {
      return secondsNow();
    },
    get blind() {
      return blind;
    },
  };
  onStart(run);

  const watching = new AbortController();
  const watch = async () => {
    while (!watching.signal.aborted) {
      try {
        observations.push({ second: secondsNow(), workloads: await options.observe() });
        blind = undefined;
      } catch (error) {
        blind = messageOf(error);
      }
      await pause(options.observeSeconds * 1000, watching.signal);
    }
  };
  const watched = watch();

  for (const [index, arrival] of arrivals.entries()) {
    await pause(origin + arrival.atMs - performance.now(), signal);
    if (signal.aborted) {
      break;
    }
    if (underWay.size >= mostInFlight) {
      outcomes.push({
        atMs: arrival.atMs,
        totalMs: 0,
        tokens: 0,
        status: 0,
        error: `not sent: ${mostInFlight} requests were under way (--max-in-flight)`,
        fallback: false,
      });
      continue;
    }
    const request = send(target, arrival, {
      startedAt: origin,
      number: `${name} ${index}`,
      signal,
    }).then((outcome) => {
      underWay.delete(request);
      if (!signal.aborted) {
        outcomes.push(outcome);
      }
    });
    underWay.add(request);
  }
  await Promise.all(underWay);
  end = performance.now();
  watching.abort();
  await watched;
  return run;
}
