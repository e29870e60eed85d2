/** A scenario of the simulation that a replay can carry: fewer requests, in less time, and what it is when it is stretched again. */
import type { ScalingRules } from "../../domain/settings/scalingRules";
import type { Arrival } from "../../operations/load/profile";
import type { Behaviour } from "../../operations/plan/behaviour";
import type { ModelTimes } from "../../operations/plan/model";

/** Times by which the replay is faster: a trace of an hour takes five minutes. */
export const FACTOR = 12;
/** Every so many-th request is replayed: about 5 a second, which LiteLLM carries on two cores beside everything else. */
const EVERY = 14;
/** Tokens of the trace that are one in the replay: timers are no finer than a millisecond. */
const TOKENS = 10;

/** A little slower than the evaluation's, so that so few requests need one to four replicas and seldom all four; seconds of the trace. */
export const TIMES: ModelTimes = {
  firstTokenSeconds: 0.3,
  perPromptTokenSeconds: 0,
  perOutputTokenSeconds: 0.05 * TOKENS,
};

/** What is replayed of a trace; times are the trace's. */
export function thinned(arrivals: readonly Arrival[]): Arrival[] {
  return arrivals
    .filter((_, index) => index % EVERY === 0)
    .map(({ atMs, outputTokens }) => ({
      atMs,
      promptTokens: 8,
      outputTokens: Math.ceil(outputTokens / TOKENS),
    }));
}

/** Arrivals at the replay's times. */
export function faster(arrivals: readonly Arrival[]): Arrival[] {
  return arrivals.map((arrival) => ({ ...arrival, atMs: arrival.atMs / FACTOR }));
}

/** A behaviour at the replay's times: Kubernetes knows whole seconds, and periods of at least one. */
export function fasterBehaviour({ scaleUp, scaleDown }: Behaviour): Behaviour {
  const compressed = (seconds: number, least: number) =>
    Math.max(least, Math.round(seconds / FACTOR));
  return { scaleUp: timed(scaleUp, compressed), scaleDown: timed(scaleDown, compressed) };
}

/** What a behaviour of the replay is at the trace's times: that of the simulation, rounding included. */
export function slowerBehaviour({ scaleUp, scaleDown }: Behaviour): Behaviour {
  const stretched = (seconds: number) => seconds * FACTOR;
  return { scaleUp: timed(scaleUp, stretched), scaleDown: timed(scaleDown, stretched) };
}

function timed(
  { stabilizationWindowSeconds, selectPolicy, policies }: ScalingRules,
  change: (seconds: number, least: number) => number,
): ScalingRules {
  return {
    stabilizationWindowSeconds: change(stabilizationWindowSeconds, 0),
    selectPolicy,
    policies: policies.map((policy) => ({
      ...policy,
      periodSeconds: change(policy.periodSeconds, 1),
    })),
  };
}
