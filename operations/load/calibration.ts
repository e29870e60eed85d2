import { linearRegression, median } from "simple-statistics";
import { z } from "zod";
import type { Arrival } from "./profile";
import type { Outcome } from "./request";
import { succeeded } from "./statistics";

/** Times of a model as a load measured them: what `operations plan --calibration` reads. */
export const calibrationSchema = z.strictObject({
  model: z.string(),
  measuredAt: z.string(),
  /** Answers that were measured: those that had the model's replicas for themselves. */
  answers: z.int().min(1),
  /** Seconds to the first token, whatever the prompt. */
  firstTokenSeconds: z.number().min(0),
  /** Seconds that each token of the prompt adds; 0 where all prompts were of one length. */
  perPromptTokenSeconds: z.number().min(0),
  /** Seconds from one token of the answer to the next. */
  perOutputTokenSeconds: z.number().positive(),
});

export type Calibration = z.infer<typeof calibrationSchema>;

/** Fewest answers that a calibration is made of. */
const FEWEST = 5;

/**
 * What the answers of a load tell of the model's times. It takes those alone that were sent while no other one was under way, and that the model
 * itself gave: others have waited, or shared a replica.
 *
 * @throws Error when fewer than five such answers have two tokens or more
 */
export function calibration(
  outcomes: readonly Outcome[],
  arrivals: readonly Arrival[],
  { model, measuredAt }: Pick<Calibration, "model" | "measuredAt">,
): Calibration {
  const prompts = new Map(arrivals.map(({ atMs, promptTokens }) => [atMs, promptTokens]));
  const measured = alone(outcomes).flatMap(({ atMs, firstTokenMs, interTokenMs }) => {
    const promptTokens = prompts.get(atMs);
    return firstTokenMs === undefined || interTokenMs === undefined || promptTokens === undefined
      ? []
      : [{ promptTokens, first: firstTokenMs / 1000, token: interTokenMs / 1000 }];
  });
  if (measured.length < FEWEST) {
    throw new Error(
      `--calibrate: ${measured.length} answers of ${outcomes.length} were streamed, had two tokens or more and no other request beside them, and ${FEWEST} are needed; write a lower --rate, a longer --duration, or more --output-tokens`,
    );
  }
  return {
    model,
    measuredAt,
    answers: measured.length,
    ...firstToken(measured),
    perOutputTokenSeconds: rounded(median(measured.map(({ token }) => token))),
  };
}

/** Answers of the model that had no other request beside them when they were sent. */
function alone(outcomes: readonly Outcome[]): Outcome[] {
  const ordered = [...outcomes].sort((left, right) => left.atMs - right.atMs);
  let latestEnd = -Infinity;
  return ordered.filter((outcome) => {
    const free = outcome.atMs >= latestEnd;
    latestEnd = Math.max(latestEnd, outcome.atMs + outcome.totalMs);
    return free && succeeded(outcome) && !outcome.fallback;
  });
}

function firstToken(
  measured: readonly { readonly promptTokens: number; readonly first: number }[],
): Pick<Calibration, "firstTokenSeconds" | "perPromptTokenSeconds"> {
  const lengths = new Set(measured.map(({ promptTokens }) => promptTokens));
  const flat = {
    firstTokenSeconds: rounded(median(measured.map(({ first }) => first))),
    perPromptTokenSeconds: 0,
  };
  if (lengths.size === 1) {
    return flat;
  }
  const { m, b } = linearRegression(
    measured.map(({ promptTokens, first }) => [promptTokens, first]),
  );
  // Noise can turn the line around; times do not run backwards.
  return m < 0 || b < 0
    ? flat
    : { firstTokenSeconds: rounded(b), perPromptTokenSeconds: rounded(m) };
}

/** Six significant digits: what lies behind them is noise. */
function rounded(seconds: number): number {
  return Number(seconds.toPrecision(6));
}
