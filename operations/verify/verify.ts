import Table from "cli-table3";
import { messageWithCause } from "../../domain/failure";
import { skipped, type Check, type Finding, type Subject } from "./check";
import { CLUSTER_CHECKS } from "./clusterChecks";
import { fallbackWorks } from "./fallbackCheck";
import { GATEWAY_CHECKS } from "./gatewayChecks";

export interface Result extends Finding {
  readonly check: string;
}

/**
 * Runs the whole checklist, in order. A check that throws has failed, with what it threw; one that an interruption left no
 * time for is skipped.
 */
export async function verify(subject: Subject): Promise<Result[]> {
  const results: Result[] = [];
  for (const check of [...CLUSTER_CHECKS, ...GATEWAY_CHECKS, fallbackWorks]) {
    results.push({
      check: check.name,
      ...(subject.signal.aborted ? skipped("interrupted") : await finding(check, subject)),
    });
  }
  return results;
}

async function finding(check: Check, subject: Subject): Promise<Finding> {
  try {
    return await check.run(subject);
  } catch (error) {
    return {
      status: "fail",
      seen: messageWithCause(error),
      remedy:
        "see that the cluster and the gateway's load balancer can be reached from here, or add --port-forward",
    };
  }
}

/** The results as a table for people. */
export function resultTable(results: readonly Result[]): string {
  const table = new Table({
    head: ["Check", "Result", "Seen", "What to do"],
    colWidths: [30, 9, 60, 50],
    wordWrap: true,
    style: { head: [], border: [] },
  });
  table.push(
    ...results.map(({ check, status, seen, remedy }) => [check, status, seen, remedy ?? ""]),
  );
  return table.toString();
}
