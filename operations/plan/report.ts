import type { Compared } from "./comparison";
import type { Outcome } from "./outcome";
import type { Plan, PlanInput } from "./plan";
import type { Answer, Sample } from "./simulate";

/** Some seconds of a replay. */
export interface WaitBucket {
  /** Seconds from the start. */
  readonly second: number;
  /** Requests a second. */
  readonly rate: number;
  /** Share of them that missed the goal, percent. */
  readonly missedPercent: number;
}

/** A policy in the report. */
export interface ReportedPolicy {
  readonly name: string;
  readonly note: string;
  readonly outcome: Outcome;
  readonly samples: readonly Sample[];
  readonly buckets: readonly WaitBucket[];
}

/** All that is known of a plan; what the HTML report draws and `--json` prints. */
export interface PlanReport {
  readonly profile: string;
  readonly requests: number;
  /** Seconds. */
  readonly seconds: number;
  readonly goalSeconds: number;
  readonly sharePercent: number;
  /** Requests that a replica decodes at a time. */
  readonly slots: number;
  readonly assumptions: readonly string[];
  readonly policies: readonly ReportedPolicy[];
  readonly found: {
    readonly reached: boolean;
    readonly tried: number;
    readonly withinPercent: number;
  };
  /** YAML for the stack's file. */
  readonly configuration: string;
}

const BUCKETS = 120;

export function planReport(
  { profile, requests, seconds, policies, found }: Plan,
  { goal, model }: PlanInput,
  assumptions: readonly string[],
  configuration: string,
): PlanReport {
  const { outcome } = found.best ?? found.closest;
  return {
    profile,
    requests,
    seconds,
    goalSeconds: goal.goalSeconds,
    sharePercent: goal.sharePercent,
    slots: model.slots,
    assumptions,
    policies: policies.map((policy) => reported(policy, seconds, goal.goalSeconds)),
    found: {
      reached: found.best !== undefined,
      tried: found.tried,
      withinPercent: outcome.withinPercent,
    },
    configuration,
  };
}

/** The answers of a run in stretches of time, by arrival. */
export function waitBuckets(
  answers: readonly Answer[],
  seconds: number,
  goalSeconds: number,
): WaitBucket[] {
  const length = Math.max(1, seconds / BUCKETS);
  const count = Math.max(1, Math.ceil(seconds / length));
  const groups = Array.from({ length: count }, () => ({ all: 0, missed: 0 }));
  for (const { at, firstTokenSeconds } of answers) {
    const group = groups[Math.min(count - 1, Math.floor(at / length))];
    if (group !== undefined) {
      group.all += 1;
      group.missed += firstTokenSeconds !== undefined && firstTokenSeconds <= goalSeconds ? 0 : 1;
    }
  }
  return groups.map(({ all, missed }, index) => ({
    second: index * length,
    rate: all / length,
    missedPercent: all === 0 ? 0 : (100 * missed) / all,
  }));
}

function reported(
  { name, note, outcome, run }: Compared,
  seconds: number,
  goalSeconds: number,
): ReportedPolicy {
  return {
    name,
    note,
    outcome,
    samples: run.samples,
    buckets: waitBuckets(run.answers, seconds, goalSeconds),
  };
}
