/**
 * What docs/scaling.md claims of the recommended settings, on public traces. They are not part of this repository; the test reads them from the
 * folder that LLM_GATEWAY_TRACES names, and is skipped without them.
 */
import { describe, expect, test } from "vitest";
import { compare } from "../../../../operations/plan/comparison";
import { overflow } from "../../../../operations/plan/plan";
import { onQueue, onRequests, ORACLE, RECOMMENDED } from "../../../../operations/plan/policies";
import { warmed } from "../../../../operations/plan/search";
import { evaluation, GOAL, PRESET_BEHAVIOUR } from "../../../support/scaling";
import { hasTraces, publicTrace } from "../../../support/traces";

const OURS = onRequests("ours", "", RECOMMENDED);

describe.skipIf(!hasTraces())("on the conversation trace", { timeout: 300_000 }, () => {
  const setting = hasTraces() ? evaluation(publicTrace("conv"), 13) : evaluation([], 13);

  test("95 percent get their first token in time, within 1.2 times the oracle's replica-hours", () => {
    const ours = compare(OURS, setting, GOAL).outcome;
    const oracle = compare(ORACLE, setting, GOAL).outcome;
    expect(oracle.withinPercent).toBe(100);
    expect(ours.withinPercent).toBeGreaterThanOrEqual(95);
    expect(ours.replicaHours).toBeLessThanOrEqual(1.2 * oracle.replicaHours);
    // Also of 15.5 hours, what an oracle comes to whose starts cost nothing.
    expect(ours.replicaHours).toBeLessThanOrEqual(1.2 * 15.5);
  });

  test("those that do not are requests of the first four minutes, before anything ordered can serve", () => {
    const { run } = compare(OURS, setting, GOAL);
    const late = run.answers.filter(({ firstTokenSeconds = Infinity }) => firstTokenSeconds > 3);
    expect(late.length).toBeGreaterThan(0);
    expect(Math.max(...late.map(({ at }) => at))).toBeLessThan(240);
  });

  test("99 percent do with a minimum that the opening needs, or with overflow to the fallback", () => {
    expect(
      compare(OURS, warmed(setting, { minReplicas: 14 }), GOAL).outcome.withinPercent,
    ).toBeGreaterThan(99);
    const queue = overflow({ ...GOAL, sharePercent: 99 });
    const overflowing = { ...setting, scenario: { ...setting.scenario, queue } };
    const { withinPercent, fallbackPercent } = compare(OURS, overflowing, GOAL).outcome;
    expect(withinPercent).toBeGreaterThan(99);
    expect(fallbackPercent).toBeLessThan(1);
  });

  test("a queue rule loses more than a quarter of them", () => {
    const { withinPercent } = compare(onQueue("queue", PRESET_BEHAVIOUR), setting, GOAL).outcome;
    expect(withinPercent).toBeLessThan(75);
  });
});
