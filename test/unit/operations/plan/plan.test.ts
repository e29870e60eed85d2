import { mkdtemp, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, test, vi } from "vitest";
import { replayOf } from "../../../../operations/plan/figure";
import { planCommand, type PlanCommand } from "../../../../operations/plan/command";
import { overflow } from "../../../../operations/plan/plan";
import { fixed, RECOMMENDED, type Setting } from "../../../../operations/plan/policies";
import { compare } from "../../../../operations/plan/comparison";
import { search } from "../../../../operations/plan/search";
import { plannedModel } from "../../../../operations/plan/stack";
import { parsed } from "../../../support/config";
import { LLAMA, QWEN } from "../../../support/models";

const GOAL = { goalSeconds: 3, nodeHourUsd: 1 };

/** A burst every five minutes, for an hour. */
const bursts: Setting = {
  minReplicas: 1,
  maxReplicas: 6,
  initialReplicas: 1,
  goalSeconds: 3,
  scenario: {
    arrivals: Array.from({ length: 12 * 40 }, (_, index) => ({
      atMs: 300_000 * Math.floor(index / 40) + 1000 * (index % 40),
      promptTokens: 100,
      outputTokens: 200,
    })),
    times: { firstTokenSeconds: 0.3, perPromptTokenSeconds: 0, perOutputTokenSeconds: 0.04 },
    fleet: { slots: 4, startSeconds: 30, bootSeconds: 120, headroom: 0, keepSeconds: 0 },
    queue: { perPlace: Infinity, seconds: Infinity, fallback: false },
  },
};

/** Runs the command on a profile. @returns what it printed, and its exit */
async function replayed(changes: Partial<PlanCommand>) {
  const folder = await mkdtemp(join(tmpdir(), "plan-"));
  const log = vi.spyOn(console, "log").mockReturnValue(undefined);
  const reached = await planCommand({
    project: ".",
    rate: 2,
    duration: 600,
    promptTokens: 100,
    outputTokens: 100,
    start: 60,
    boot: 120,
    keep: 0,
    goal: 3,
    share: 95,
    unboundedQueue: false,
    report: join(folder, "plan.html"),
    figure: join(folder, "plan.svg"),
    json: false,
    ...changes,
  });
  const printed = log.mock.calls.map(([text]) => String(text)).join("\n");
  return { folder, printed, reached };
}

afterEach(() => {
  vi.restoreAllMocks();
});

describe("the search", () => {
  test("finds the cheapest settings that reach a goal, and more warmth for a harder one", () => {
    const easy = search(bursts, { ...GOAL, sharePercent: 60 });
    const hard = search(bursts, { ...GOAL, sharePercent: 99 });
    expect(easy.best?.outcome.withinPercent).toBeGreaterThanOrEqual(60);
    expect(hard.best?.outcome.withinPercent).toBeGreaterThanOrEqual(99);
    expect(hard.best?.warmth.minReplicas).toBeGreaterThan(1);
    expect(hard.best?.outcome.nodeHours).toBeGreaterThanOrEqual(
      easy.best?.outcome.nodeHours ?? NaN,
    );
    // Cheaper than what reaches it without an autoscaler.
    const still = compare(fixed(6), bursts, GOAL).outcome;
    expect(still.withinPercent).toBe(100);
    expect(hard.best?.outcome.nodeHours).toBeLessThan(still.nodeHours);
  });

  test("finds that a smaller minimum, maximum and headroom do, where they do", () => {
    const { scenario } = bursts;
    const fleet = { ...scenario.fleet, headroom: 2 };
    const much = { ...bursts, minReplicas: 5, maxReplicas: 12, scenario: { ...scenario, fleet } };
    const { best } = search(much, { ...GOAL, sharePercent: 60 });
    expect(best?.outcome.withinPercent).toBeGreaterThanOrEqual(60);
    expect(best?.warmth.minReplicas).toBeLessThan(5);
    const kept = search({ ...much, minReplicas: 1 }, { ...GOAL, sharePercent: 60 }).best;
    expect(kept?.warmth.headroom).toBe(0);
    // Longer bursts, for which doubling asks for more than is needed.
    const arrivals = Array.from({ length: 8 * 400 }, (_, index) => ({
      atMs: 600_000 * Math.floor(index / 400) + 500 * (index % 400),
      promptTokens: 100,
      outputTokens: 200,
    }));
    const wide = { ...bursts, maxReplicas: 40, scenario: { ...scenario, arrivals } };
    const capped = search(wide, { ...GOAL, sharePercent: 80 }).best;
    expect(capped?.outcome.withinPercent).toBeGreaterThanOrEqual(80);
    expect(capped?.warmth.maxReplicas).toBeLessThan(20);
  });

  test("does not count on the fallback, which has other work", async () => {
    const { printed } = await replayed({ maxReplicas: 1, rate: 6, json: true });
    const rows = JSON.parse(printed) as {
      policies: { name: string; outcome: { withinPercent: number; fallbackPercent: number } }[];
      found: { reached: boolean };
    };
    const yours = rows.policies.find(({ name }) => name === "your configuration")?.outcome;
    expect(yours?.fallbackPercent).toBeGreaterThan(5);
    expect(rows.found.reached).toBe(false);
  });

  test("says which come closest where none reaches it", () => {
    const { best, closest } = search({ ...bursts, maxReplicas: 1 }, { ...GOAL, sharePercent: 99 });
    expect(best).toBeUndefined();
    expect(closest.outcome.withinPercent).toBeLessThan(99);
  });
});

test.each([
  [3, 2],
  [5.5, 4],
  [1, 1],
])("overflow within a goal of %d s gives a request away after %d s", (goalSeconds, seconds) => {
  expect(overflow({ ...GOAL, goalSeconds, sharePercent: 95 })).toEqual({
    perPlace: 1,
    seconds,
    fallback: true,
  });
});

describe("a stack's model", () => {
  test("is read with its autoscaler, slots, price, queue and fallback", () => {
    const model = plannedModel(parsed(), LLAMA);
    expect(model).toMatchObject({
      name: LLAMA,
      slots: 4,
      bounds: { minReplicas: 1, maxReplicas: 2 },
      cpuPercent: 70,
      keda: false,
      requests: RECOMMENDED,
      nodeHourUsd: 0.7582,
      headroom: 0,
      queue: { perPlace: 1, seconds: 60, fallback: true },
    });
    expect(plannedModel(parsed(), QWEN)).toMatchObject({ queue: { fallback: false } });
    expect(model.behaviour.scaleUp.policies).toEqual([
      { type: "Pods", value: 1, periodSeconds: 60 },
    ]);
  });

  test("that scales on requests is read with target, behaviour, sleep, schedule and headroom", () => {
    const schedule = [{ timezone: "UTC", start: "0 8 * * 1-5", end: "0 18 * * 1-5", replicas: 2 }];
    const requests = { slotUtilization: 80, idleSeconds: 600, pollingSeconds: 2, schedule };
    const found = plannedModel(
      parsed({
        autoscaling: { requests: "keda" },
        models: { [QWEN]: { autoscaling: { minReplicas: 0, requests } } },
        neuron: {
          nodeGroups: {
            serving: { instanceType: "inf2.xlarge", maxSize: 4, headroom: 2 },
            compilation: { instanceType: "inf2.8xlarge", maxSize: 1 },
          },
        },
      }),
      undefined,
    );
    expect(found).toMatchObject({
      bounds: { minReplicas: 0 },
      keda: true,
      requests: { ...RECOMMENDED, ...requests },
      nodeGroup: "serving",
      headroom: 2,
    });
  });

  test("without admission has a queue without bound", () => {
    const config = parsed({ gateway: { routing: { admission: { enabled: false } } } });
    expect(plannedModel(config, LLAMA).queue.perPlace).toBe(Infinity);
  });

  test("is refused with the names that there are", () => {
    expect(() => plannedModel(parsed(), "gpt")).toThrow('the stack serves no model "gpt"');
    expect(() => plannedModel(parsed(), undefined)).toThrow("the stack serves 2 models");
    expect(() => plannedModel(parsed(), "gpt")).toThrow(
      expect.objectContaining({ remedy: expect.stringContaining(QWEN) as string }) as Error,
    );
  });
});

describe("the command", () => {
  const run = replayed;

  test("prints the policies, what they rest on and what to write, and draws them", async () => {
    const { folder, printed, reached } = await run({ initialReplicas: 3 });
    expect(reached).toBe(true);
    for (const text of [
      "2 requests/s for 600 s: 1200 in 10 minutes",
      "assumed, not measured",
      "; 0 nodes kept ready, one replica a node",
      "1 to 8 replicas, 3 at the beginning; 0.7582 US dollars an hour for a replica's node",
      "1 requests a place wait in the gateway, 60 s at most; others are the fallback's, and",
      ...["your configuration", "CPU rule", "queue rule", "llm-d", "on requests", "oracle"],
      ...["on requests, overflow", "static 8", "cheapest within the goal", "USD", "most replicas"],
      "llm-gateway:models:",
      "slotUtilization:",
    ]) {
      expect(printed).toContain(text);
    }
    const page = await readFile(join(folder, "plan.html"), "utf8");
    const data = /<script id="data"[^>]*>([^<]*)<\/script>/.exec(page)?.[1] ?? "";
    expect(JSON.parse(data)).toMatchObject({ requests: 1200, found: { reached: true } });
    expect(page).toContain("<title>Scaling plan</title>");
    expect(page).not.toMatch(/\b(src|href)=/);
    expect(await readFile(join(folder, "plan.svg"), "utf8")).toContain("within 3 s");
  });

  test("prints JSON, and says where no settings reach the goal", async () => {
    const { printed, reached } = await run({ maxReplicas: 1, json: true });
    expect(reached).toBe(false);
    const report = JSON.parse(printed) as { policies: { name: string }[]; found: object };
    expect(report.found).toMatchObject({ reached: false });
    expect(report.policies.at(-1)?.name).toBe("closest to the goal");
    expect(report.policies.every((policy) => !("samples" in policy))).toBe(true);
  });

  describe("with a calibration", () => {
    const measured = async (model: string): Promise<string> => {
      const path = join(await mkdtemp(join(tmpdir(), "plan-")), "c.json");
      const times = {
        ...{ model, measuredAt: "2026-01-31T08:00:00Z", answers: 9, firstTokenSeconds: 0.7 },
        ...{ perPromptTokenSeconds: 0.001, perOutputTokenSeconds: 0.05 },
      };
      await writeFile(path, JSON.stringify(times));
      return path;
    };

    test("takes its times, and single ones from the command line", async () => {
      const calibration = await measured("m");
      const { printed } = await run({ calibration, perToken: 0.02 });
      expect(printed).toContain(
        `m: 4 slots a replica; 0.7 s to the first token, 0.001 s for each token of the prompt, 0.02 s for each of the answer (measured, ${calibration})`,
      );
    });

    test("plans the model that was measured, where the stack serves several", async () => {
      const calibration = await measured(`vllm/${LLAMA}`);
      const { printed } = await run({ calibration, stack: "local", project: process.cwd() });
      expect(printed).toContain(`${LLAMA}: `);
    });

    test("knows its model by the name that load takes, too", async () => {
      const calibration = await measured(`vllm/${LLAMA}`);
      const { printed } = await run({ calibration, model: `vllm/${LLAMA}` });
      expect(printed).toContain(`${LLAMA}: 4 slots`);
    });

    test("refuses the times of another model", async () => {
      const calibration = await measured("vllm/other");
      const refused = run({ calibration, model: LLAMA });
      await expect(refused).rejects.toThrow(`c.json: has the times of other, not of ${LLAMA}`);
      await expect(refused).rejects.toMatchObject({
        remedy: `write --model other, or measure ${LLAMA}: operations load --model vllm/${LLAMA} --rate 0.2 --calibrate ${calibration}`,
      });
      await expect(
        run({ calibration, stack: "local", project: process.cwd() }),
      ).rejects.toMatchObject({
        message: expect.stringContaining(
          "has the times of other, which local does not serve",
        ) as string,
        remedy: expect.stringContaining(`measure one of ${LLAMA}`) as string,
      });
    });
  });

  test.each<[Partial<PlanCommand>, string]>([
    [{ minReplicas: 9, maxReplicas: 8 }, "--min-replicas 9 is more than the maximum, 8"],
    [{ startsAt: "soon" }, "--starts-at soon: is no time; write for example 2026-01-31T08:00:00Z"],
    [{ rampTo: 3, spikeTo: 4 }, "exclude each other"],
  ])("refuses %j", async (changes, message) => {
    await expect(run(changes)).rejects.toThrow(message);
  });
});

test("the picture of a replay shows where the goal was missed, and nothing that a page would load", () => {
  const compared = compare(fixed(1), bursts, GOAL);
  const missed = /fill="#b3261e" opacity/;
  const settings = { seconds: compared.run.seconds, slots: 4, goalSeconds: 3, title: "a < b" };
  const picture = replayOf(compared, settings);
  expect(picture).toContain("a &lt; b");
  expect(picture).toMatch(missed);
  expect(picture).not.toMatch(/href|script|NaN/);
  const still = compare(fixed(6), bursts, GOAL);
  expect(replayOf(still, settings)).not.toMatch(missed);
});
