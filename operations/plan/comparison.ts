import { table } from "../stack/table";
import { outcome, type Judgement, type Outcome } from "./outcome";
import type { Policy, Setting } from "./policies";
import type { Run } from "./simulate";

/** A policy, replayed. */
export interface Compared {
  readonly name: string;
  readonly note: string;
  readonly outcome: Outcome;
  readonly run: Run;
}

/** Replays a policy. */
export function compare(policy: Policy, setting: Setting, judgement: Judgement): Compared {
  const run = policy.run(setting);
  return { name: policy.name, note: policy.note, outcome: outcome(run, judgement), run };
}

/** Policies side by side, for a terminal. */
export function comparisonTable(rows: readonly Pick<Compared, "name" | "outcome">[]): string {
  return table(
    [
      "policy",
      "most replicas",
      "replica-hours",
      "node-hours",
      "USD",
      "within the goal",
      "p95 wait s",
      "fallback",
      "refused",
    ],
    rows.map(({ name, outcome: found }) => [
      name,
      String(found.mostReplicas),
      found.replicaHours.toFixed(1),
      found.nodeHours.toFixed(1),
      found.usd?.toFixed(2),
      `${found.withinPercent.toFixed(1)} %`,
      found.waitP95Seconds?.toFixed(1),
      `${found.fallbackPercent.toFixed(1)} %`,
      `${found.refusedPercent.toFixed(1)} %`,
    ]),
    { compact: true },
  );
}
