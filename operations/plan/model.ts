import type { Arrival } from "../load/profile";

/** How long a model takes for an answer that has a slot, without wait. */
export interface ModelTimes {
  /** Seconds to the first token, whatever the prompt. */
  readonly firstTokenSeconds: number;
  /** Seconds that each token of the prompt adds. */
  readonly perPromptTokenSeconds: number;
  /** Seconds from one token of the answer to the next. */
  readonly perOutputTokenSeconds: number;
}

/**
 * What the evaluation of docs/scaling.md assumes; nobody has measured them on Inf2. `load --calibrate` measures them on a stack.
 */
export const ASSUMED_TIMES: ModelTimes = {
  firstTokenSeconds: 0.3,
  perPromptTokenSeconds: 0,
  perOutputTokenSeconds: 0.04,
};

/** Seconds from the beginning of the work on a request to its first token. */
export function firstTokenSeconds(times: ModelTimes, { promptTokens }: Arrival): number {
  return times.firstTokenSeconds + times.perPromptTokenSeconds * promptTokens;
}

/** Seconds that a request has a slot. */
export function serviceSeconds(times: ModelTimes, request: Arrival): number {
  return (
    firstTokenSeconds(times, request) + times.perOutputTokenSeconds * (request.outputTokens - 1)
  );
}
