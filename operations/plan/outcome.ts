import { quantile } from "simple-statistics";
import type { Run } from "./simulate";

/** What a run comes to. */
export interface Outcome {
  /** Replicas, starting and ending ones too, times hours. */
  readonly replicaHours: number;
  /** Nodes, headroom and those that wait for their removal too, times hours. */
  readonly nodeHours: number;
  /** US dollars of the node hours; undefined where no price is known. */
  readonly usd: number | undefined;
  /** Share of all requests whose first token came in time, from the model or its fallback, percent. */
  readonly withinPercent: number;
  /** Wait for a slot that 95 percent of the model's answers do not exceed, seconds; undefined where it gave none. */
  readonly waitP95Seconds: number | undefined;
  /** Share of all requests that the fallback answered, percent. */
  readonly fallbackPercent: number;
  /** Share of all requests that got no answer, percent. */
  readonly refusedPercent: number;
  /** Most replicas that existed at a time. */
  readonly mostReplicas: number;
}

/** What a run is judged by. */
export interface Judgement {
  /** Seconds within which the first token is to come. */
  readonly goalSeconds: number;
  /** US dollars of an hour of the node of one replica. */
  readonly nodeHourUsd: number | undefined;
}

export function outcome(run: Run, { goalSeconds, nodeHourUsd }: Judgement): Outcome {
  const { answers, samples, replicaHours, nodeHours } = run;
  const share = (count: number) => (answers.length === 0 ? 0 : (100 * count) / answers.length);
  const waits = answers.flatMap(({ fate, waitSeconds }) =>
    fate === "answered" ? [waitSeconds] : [],
  );
  const count = (fate: string) => answers.filter((answer) => answer.fate === fate).length;
  return {
    replicaHours,
    nodeHours,
    usd: nodeHourUsd === undefined ? undefined : nodeHours * nodeHourUsd,
    withinPercent: share(
      answers.filter(
        ({ firstTokenSeconds }) =>
          firstTokenSeconds !== undefined && firstTokenSeconds <= goalSeconds,
      ).length,
    ),
    waitP95Seconds: waits.length === 0 ? undefined : quantile(waits, 0.95),
    fallbackPercent: share(count("fallback")),
    refusedPercent: share(count("refused")),
    mostReplicas: samples.reduce((most, { existing }) => Math.max(most, existing), 0),
  };
}
