import { runChecklist, type Result } from "../stack/checklist";
import type { Check, Subject } from "./check";
import { CLUSTER_CHECKS } from "./clusterChecks";
import { DATABASE_CHECKS } from "./databaseChecks";
import { fallbackWorks } from "./fallbackCheck";
import { GATEWAY_CHECKS } from "./gatewayChecks";
import { SCALING_CHECKS } from "./scalingChecks";

/** Every check, in order. */
export const CHECKS: readonly Check[] = [
  ...CLUSTER_CHECKS,
  ...SCALING_CHECKS,
  ...GATEWAY_CHECKS,
  ...DATABASE_CHECKS,
  fallbackWorks,
];

/**
 * Runs the whole checklist, in order. A check that throws has failed, with what it threw; one that an interruption left no
 * time for is skipped.
 */
export function verify(subject: Subject): Promise<Result[]> {
  return runChecklist(CHECKS, subject, {
    signal: subject.signal,
    remedy: () =>
      "see that the cluster and the gateway's load balancer can be reached from here, or add --port-forward",
  });
}
