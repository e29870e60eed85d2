/** Request scaling with KEDA's own programs, the real API server, LiteLLM and simulated replicas: who grows, who shrinks, who sleeps. */
import { AppsV1Api, AutoscalingV2Api } from "@kubernetes/client-node";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { arrivals, constant, type Segment } from "../../operations/load/profile";
import { runLoad } from "../../operations/load/run";
import { summarize } from "../../operations/load/statistics";
import { workloads } from "../../operations/stack/platformState";
import { eventually } from "../support/cluster";
import { GatewayPlatform } from "../support/gateway";
import { LLAMA, QWEN } from "../support/models";

/** As slow as makes few requests a second fill the slots: what LiteLLM costs is not what is tested. */
const PACE = { SIMULATOR_FIRST_TOKEN_MS: "100", SIMULATOR_INTER_TOKEN_MS: "60" };
/** Of an answer; it takes 2.5 seconds. */
const TOKENS = 40;
/** The least that a configuration may say, seconds. */
const IDLE = 60;

const QUICKLY = {
  scaleUp: { policies: [{ type: "Percent", value: 100, periodSeconds: 5 }] },
  scaleDown: {
    stabilizationWindowSeconds: 5,
    policies: [{ type: "Pods", value: 4, periodSeconds: 5 }],
  },
};

const MODELS = {
  [LLAMA]: {
    autoscaling: {
      minReplicas: 0,
      maxReplicas: 3,
      requests: { ...QUICKLY, idleSeconds: IDLE, pollingSeconds: 1 },
    },
  },
  [QWEN]: { autoscaling: { minReplicas: 1, maxReplicas: 1, requests: QUICKLY } },
};

let gateway: GatewayPlatform;
beforeAll(async () => {
  Object.assign(process.env, PACE);
  gateway = await GatewayPlatform.start({
    autoscaling: {
      maxReplicas: 3,
      memoryUtilization: null,
      requests: { inFlightPerPod: 3 },
      scaleUp: { stabilizationWindowSeconds: 0 },
      scaleDown: {
        stabilizationWindowSeconds: 5,
        policies: [{ type: "Pods", value: 4, periodSeconds: 5 }],
      },
    },
    keda: true,
    models: MODELS,
  });
});
afterAll(async () => {
  // The next file may run in this process.
  for (const name of Object.keys(PACE)) {
    Reflect.deleteProperty(process.env, name);
  }
  await gateway.close();
});

/** Replicas that a model's server is to have. */
async function desired(model: string): Promise<number | undefined> {
  const { spec } = await gateway.platform.config
    .makeApiClient(AppsV1Api)
    .readNamespacedStatefulSet({ name: model, namespace: "vllm" });
  return spec?.replicas;
}

/** Its pods, those included that end what they have begun. */
async function pods(model: string): Promise<number> {
  const labelSelector = `app.kubernetes.io/name=${model}`;
  const { items } = await gateway.core.listNamespacedPod({ namespace: "vllm", labelSelector });
  return items.length;
}

const readyPods = async (model: string) => (await gateway.podsOf("vllm", model)).length;

/** Load on a model, the most ready replicas that it had meanwhile, and the most pods that the gateway was to have. */
async function load(model: string, segments: Segment[]) {
  const run = await runLoad(
    {
      target: gateway.target(model),
      arrivals: arrivals(segments, { promptTokens: 8, outputTokens: TOKENS }),
      mostInFlight: 500,
      observe: () => workloads(gateway.platform.config, ["litellm", "vllm"]),
      observeSeconds: 1,
      signal: new AbortController().signal,
    },
    () => undefined,
  );
  const most = (name: string, count: "ready" | "wanted") =>
    Math.max(
      ...run.observations.map(
        ({ workloads: seen }) => seen.find((one) => one.name === name)?.[count] ?? 0,
      ),
    );
  return {
    summary: summarize(run.outcomes, run.seconds),
    replicas: most(model, "ready"),
    // A process of LiteLLM takes longer to start than the load lasts, on a machine with much else to do.
    gateways: most("litellm", "wanted"),
  };
}

test("what KEDA reads of a replica is what the replica counts, in percent of its slots", async () => {
  await eventually("a replica of the model", 120, async () =>
    (await readyPods(QWEN)) === 1 ? true : undefined,
  );
  await eventually("an answer of it", 60, async () =>
    (await gateway.ask(QWEN)).status === 200 ? true : undefined,
  );
  // Three of four slots, for as long as the reading takes.
  const asking = [1, 2, 3].map(() => gateway.ask(QWEN, { max_tokens: 400 }));
  const autoscaling = gateway.platform.config.makeApiClient(AutoscalingV2Api);
  await eventually("75 percent of the slots", 20, async () => {
    const { status } = await autoscaling.readNamespacedHorizontalPodAutoscaler({
      name: `${QWEN}-hpa`,
      namespace: "vllm",
    });
    return status?.currentMetrics?.[0]?.external?.current.averageValue === "75" ? true : undefined;
  });
  expect((await Promise.all(asking)).map(({ status }) => status)).toEqual([200, 200, 200]);
});

describe("a model under load", () => {
  test("grows with the requests, and the gateway with it; nobody's request fails", async () => {
    await eventually("a replica of the model", 60, async () =>
      (await readyPods(LLAMA)) > 0 ? true : undefined,
    );
    // Two replicas' worth, and more requests at once than two gateway pods are to have.
    const { summary, replicas, gateways } = await load(LLAMA, constant(3.2, 60));
    expect(summary.errors).toEqual({});
    expect(replicas).toBeGreaterThanOrEqual(2);
    expect(gateways).toBe(3);
  });

  test("shrinks when they are over, and falls asleep; the gateway keeps two pods", async () => {
    await eventually("the model to sleep", 150, async () =>
      (await desired(LLAMA)) === 0 && (await pods(LLAMA)) === 0 ? true : undefined,
    );
    await eventually("two gateway pods", 60, async () =>
      (await gateway.podsOf("litellm", "litellm")).length === 2 ? true : undefined,
    );
    // The one that always runs is still there.
    expect(await readyPods(QWEN)).toBe(1);
  });
});

test("an update goes through while a model sleeps, and does not wake it", async () => {
  const { platform } = gateway;
  await platform.configure({
    "llm-gateway:models": {
      ...MODELS,
      [LLAMA]: { ...MODELS[LLAMA], serving: { resources: { requests: { cpu: "2500m" } } } },
    },
  });
  const { summary } = await platform.stack.up(platform.checked);
  expect(summary.result).toBe("succeeded");
  expect(await desired(LLAMA)).toBe(0);
  expect(await pods(LLAMA)).toBe(0);
});

test("a model that sleeps wakes under load, and its fallback answers until then: nobody's request fails", async () => {
  const answers = await gateway.ask(LLAMA);
  expect(answers).toMatchObject({ status: 200, replica: `${QWEN}-0` });
  const { summary, replicas } = await load(LLAMA, constant(1, 45));
  expect(summary.errors).toEqual({});
  expect(replicas).toBeGreaterThanOrEqual(1);
  const own = await eventually("an answer of its own", 30, async () => {
    const { replica, status } = await gateway.ask(LLAMA);
    expect(status).toBe(200);
    return replica?.startsWith(LLAMA) === true ? replica : undefined;
  });
  expect(own).toBe(`${LLAMA}-0`);
});
