/** `verify` and the tables of a stack that scales on requests, with KEDA's own programs. */
import { AppsV1Api } from "@kubernetes/client-node";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { platformTables, waitForMetrics } from "../../local/environment/report";
import type { Connection } from "../../operations/stack/connection";
import { runChecklist, type Result } from "../../operations/stack/checklist";
import { metricText } from "../../operations/stack/metricState";
import { workloads } from "../../operations/stack/platformState";
import { CHECKS, verify } from "../../operations/verify/verify";
import { eventually } from "../support/cluster";
import { GatewayPlatform } from "../support/gateway";
import { LLAMA, QWEN } from "../support/models";
import { COMPLETES, FALLBACK } from "../support/stackChecks";
import { ModelScaling, scalingFaults } from "./scalingFaults";

let gateway: GatewayPlatform;
let connection: Connection;

beforeAll(async () => {
  gateway = await GatewayPlatform.start({
    keda: true,
    // It may sleep, and does when a test says so.
    qwen: { minReplicas: 0, requests: { idleSeconds: 86_400, pollingSeconds: 1 } },
  });
  connection = await gateway.connected();
});
afterAll(() => gateway.close());

/** A checklist that nobody interrupts. */
const NEVER = new AbortController().signal;
const subject = () => ({ ...connection, disturb: false, signal: NEVER });
const state = async (model: string) =>
  (await workloads(gateway.platform.config, ["litellm", "vllm"])).find(
    ({ name }) => name === model,
  );

/** One check of the list. */
async function run(name: string, disturb = false): Promise<Result | undefined> {
  const checks = CHECKS.filter((each) => each.name === name);
  const [result] = await runChecklist(
    checks,
    { ...subject(), disturb },
    { signal: NEVER, remedy: () => "none" },
  );
  return result;
}

test("verify passes every check of a healthy stack", async () => {
  const results = await verify(subject());
  // What a check saw goes along: without it a failure tells its name alone.
  expect(results.filter(({ status }) => status !== "pass")).toEqual([
    expect.objectContaining({ check: FALLBACK, status: "skipped" }),
  ]);
});

test("metrics have the names that an operator knows them by", async () => {
  const shown = async (model: string) => ((await state(model))?.metrics ?? []).map(metricText);
  expect(await shown(LLAMA)).toEqual([expect.stringMatching(/^slots \d+\/90 %$/)]);
  expect(await shown(QWEN)).toEqual([expect.stringMatching(/^slots \d+\/90 %$/)]);
  expect(await shown("litellm")).toContainEqual(
    expect.stringMatching(/^requests in flight [\d.]+\/\d+ \(avg\)$/),
  );
});

describe("verify names it, and what to do, when", () => {
  test.each(scalingFaults(() => gateway))("$name", async (fault) => {
    const heal = await fault.inject();
    try {
      const found = await eventually(fault.check, 60, async () => {
        const result = await run(fault.check);
        return result?.status === "fail" && fault.seen.test(result.seen) ? result : undefined;
      });
      expect(found.remedy).toMatch(fault.remedy);
    } finally {
      await heal();
    }
    await eventually(`${fault.check} to pass again`, 60, async () =>
      (await run(fault.check))?.status === "pass" ? true : undefined,
    );
  });
});

test("KEDA leaves a model alone while its fallback is tried, and goes on with it", async () => {
  expect(await run(FALLBACK, true)).toMatchObject({ status: "pass" });
  await eventually("KEDA to go on", 30, async () => {
    const now = await state(LLAMA);
    return now?.phase === undefined && now?.ready === 2 && now.metrics.length > 0
      ? true
      : undefined;
  });
});

describe("a model that sleeps", () => {
  beforeAll(async () => {
    await new ModelScaling(gateway, QWEN).patch({
      spec: { cooldownPeriod: 0, initialCooldownPeriod: 0 },
    });
    // A pod that ends still answers, where there is no other.
    const { core } = gateway;
    const labelSelector = `app.kubernetes.io/name=${QWEN}`;
    await eventually("the model to be asleep", 60, async () => {
      const now = await state(QWEN);
      const { items } = await core.listNamespacedPod({ namespace: "vllm", labelSelector });
      return now?.phase === "asleep" && items.length === 0 ? true : undefined;
    });
  });

  test("is said to be asleep, is no fault, and sleeps on", async () => {
    const results = await verify(subject());
    expect(results.filter(({ status }) => status === "fail")).toEqual([]);
    const said = results.filter(({ seen }) => seen.includes(`asleep`));
    expect(said.map(({ check }) => check)).toEqual([
      "Autoscalers see metrics and can scale",
      "Every Service has an endpoint",
      "Pods are ready",
      "ScaledObjects scale",
      "The gateway sees every model replica healthy",
      "Every model completes",
    ]);
    const apps = gateway.platform.config.makeApiClient(AppsV1Api);
    const { spec } = await apps.readNamespacedStatefulSet({ name: QWEN, namespace: "vllm" });
    expect(spec?.replicas).toBe(0);
  });

  test("keeps nobody waiting for its metrics, and is asleep in the tables", async () => {
    expect(await waitForMetrics(gateway.platform.config)).toEqual([]);
    const rows = (await platformTables(gateway.platform.config)).split("\n");
    expect(rows.find((row) => row.includes(`${QWEN}-hpa`))).toMatch(/ 0 of 0 .* 0-1 .* asleep /);
  });

  test("is woken by a check that may disturb, and by no other", async () => {
    const result = await run(COMPLETES, true);
    expect(result).toMatchObject({ status: "pass" });
    expect(result?.seen).toMatch(
      new RegExp(`vllm/${QWEN} \\(wakes; asks to come back in \\d+ s\\)`),
    );
    await eventually("the model to wake", 30, async () =>
      (await state(QWEN))?.ready === 1 ? true : undefined,
    );
  });
});
