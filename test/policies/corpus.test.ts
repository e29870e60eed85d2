import { describe, expect, test } from "vitest";
import { policies } from "../../policies/pack";
import { AWS } from "./corpus/aws";
import { BOUNDS_AND_BUDGETS } from "./corpus/bounds";
import { CEILINGS } from "./corpus/ceilings";
import { CLUSTERS } from "./corpus/clusters";
import { COMPLETED } from "./corpus/completed";
import { IDENTITY } from "./corpus/identity";
import { KEDA } from "./corpus/keda";
import { METRIC_SHAPES } from "./corpus/metrics";
import { OWNERS } from "./corpus/owners";
import { REQUESTS } from "./corpus/requests";
import { CREDENTIALS } from "./corpus/secrets";
import { SAMENESS } from "./corpus/sameness";
import { SHAPES } from "./corpus/shapes";
import { SIGNALS } from "./corpus/signals";
import { TARGETS } from "./corpus/targets";
import { VERTICAL } from "./corpus/vertical";
import { WORKLOADS } from "./corpus/workloads";
import type { Case } from "./corpus/case";
import { unknownVariants } from "./corpus/unknowns";
import { violations, type StackOptions } from "./support";

const SUITES = {
  requests: REQUESTS,
  completed: COMPLETED,
  targets: TARGETS,
  owners: OWNERS,
  sameness: SAMENESS,
  clusters: CLUSTERS,
  vertical: VERTICAL,
  keda: KEDA,
  signals: SIGNALS,
  ceilings: CEILINGS,
  metrics: METRIC_SHAPES,
  bounds: BOUNDS_AND_BUDGETS,
  shapes: SHAPES,
  credentials: CREDENTIALS,
  workloads: WORKLOADS,
  aws: AWS,
  identity: IDENTITY,
};
const CASES = Object.values(SUITES).flat();
const MANDATORY = new Set(
  policies().flatMap(({ name, enforcementLevel }) =>
    enforcementLevel === "mandatory" ? [name] : [],
  ),
);

/** The mandatory rules that refuse a stack. */
async function refusing(stack: Case["stack"], options: StackOptions = {}): Promise<string[]> {
  const found = await violations(stack, options);
  return Object.keys(found).filter((rule) => MANDATORY.has(rule));
}

/** What the pack said of a case, against its truth. */
type Verdict = "right report" | "missed" | "false alarm" | "right silence";

async function judge({ refusedBy, stack }: Case, options: StackOptions): Promise<Verdict> {
  const rules = await refusing(stack, options);
  if (rules.some((rule) => rule !== refusedBy)) {
    return "false alarm";
  }
  const reported = rules.length > 0;
  if (refusedBy === undefined) {
    return "right silence";
  }
  return reported ? "right report" : "missed";
}

/** A busy machine takes its time over thousands of stacks. */
const LIMIT_MS = 300_000;

describe("over stacks whose truth is known", { timeout: LIMIT_MS }, () => {
  test("there are 150 at least, good ones as many as bad ones within a fifth", () => {
    const bad = CASES.filter(({ refusedBy }) => refusedBy !== undefined).length;
    expect(CASES.length).toBeGreaterThanOrEqual(150);
    expect(Math.abs(bad / CASES.length - 0.5)).toBeLessThan(0.1);
    expect(CASES.every(({ name, why }) => name !== "" && why !== "")).toBe(true);
  });

  test.each([
    ["as the program registers them", {}],
    ["with the stack handed over in another order", { shuffled: true }],
  ])("each gets the right verdict, %s", async (_order, options) => {
    const wrong: string[] = [];
    const counts = new Map<Verdict, number>();
    for (const [suite, cases] of Object.entries(SUITES)) {
      for (const one of cases) {
        const verdict = await judge(one, options);
        counts.set(verdict, (counts.get(verdict) ?? 0) + 1);
        if (verdict === "missed" || verdict === "false alarm") {
          const found = Object.entries(await violations(one.stack, options));
          const said = found
            .map(([rule, messages]) => `${rule}: ${messages.join("; ")}`)
            .join(" | ");
          wrong.push(`${verdict}: ${suite}, ${one.name} (${one.why}): ${said || "nothing"}`);
        }
      }
    }
    const count = (verdict: Verdict) => counts.get(verdict) ?? 0;
    const precision = count("right report") / (count("right report") + count("false alarm"));
    const recall = count("right report") / (count("right report") + count("missed"));
    console.log(
      `${CASES.length} stacks: precision ${precision.toFixed(3)}, recall ${recall.toFixed(3)}; ${[...counts].map(([verdict, n]) => `${verdict} ${n}`).join(", ")}`,
    );
    expect(wrong).toEqual([]);
  });

  test("no value that is unknown yet makes a rule refuse a good stack", async () => {
    const wrong: string[] = [];
    let runs = 0;
    for (const { name, stack } of CASES.filter(({ refusedBy }) => refusedBy === undefined)) {
      for (const { path, variant } of unknownVariants(stack)) {
        runs += 1;
        const rules = await refusing(variant);
        if (rules.length > 0) {
          wrong.push(`${name}: ${path} unknown: ${rules.join(", ")}`);
        }
      }
    }
    console.log(`${runs} good stacks with one unknown value`);
    expect(wrong).toEqual([]);
  });

  test("no value that is unknown yet makes the pack silent about an autoscaler that is known to be wrong", async () => {
    const silent: string[] = [];
    const rule = "autoscaler-target-requests";
    for (const { name, stack } of CASES.filter(({ refusedBy }) => refusedBy === rule)) {
      for (const { path, variant } of unknownVariants(stack)) {
        const found = await violations(variant);
        if (found[rule] === undefined && found["autoscaler-undecided"] === undefined) {
          silent.push(`${name}: ${path} unknown`);
        }
      }
    }
    expect(silent).toEqual([]);
  });
});
