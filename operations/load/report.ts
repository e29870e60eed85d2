import { join } from "node:path";
import { htmlPage } from "./page";
import { replicasOf, type WorkloadReplicas } from "./replicas";
import type { LoadRun, Observation } from "./run";
import { buckets, summarize, type Bucket, type Summary } from "./statistics";

/** What a run was asked to do. */
export interface LoadPlan {
  readonly model: string;
  /** The profile in words, such as `20 requests/s for 180 s`. */
  readonly profile: string;
  readonly route: string;
  readonly streaming: boolean;
}

/** All that is known of a run; the content of the JSON report. */
export interface LoadReport {
  readonly plan: LoadPlan;
  readonly startedAt: string;
  readonly seconds: number;
  /** Whether it was ended before its time. */
  readonly interrupted: boolean;
  readonly summary: Summary;
  readonly bucketSeconds: number;
  readonly buckets: readonly Bucket[];
  readonly observations: readonly Observation[];
  /** What became of the autoscaled workloads. */
  readonly workloads: readonly WorkloadReplicas[];
}

export function loadReport(run: LoadRun, plan: LoadPlan, interrupted: boolean): LoadReport {
  const bucketSeconds = Math.max(1, Math.round(run.seconds / 120));
  return {
    plan,
    startedAt: run.startedAt.toISOString(),
    seconds: run.seconds,
    interrupted,
    summary: summarize(run.outcomes, run.seconds),
    bucketSeconds,
    buckets: buckets(run.outcomes, run.seconds, bucketSeconds),
    observations: run.observations,
    workloads: replicasOf(run.observations),
  };
}

/** The report as one HTML page that needs nothing else, plots included. */
export function htmlReport(report: LoadReport): Promise<string> {
  return htmlPage("Load report", join(__dirname, "report.browser.js"), report);
}
