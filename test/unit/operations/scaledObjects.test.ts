/** ScaledObjects as KEDA leaves them, and what an operator is shown of their targets. */
import { afterEach, describe, expect, test } from "vitest";
import { GATEWAY, VLLM_PORT } from "../../../domain/names";
import { gatewayScaledObject } from "../../../components/litellm/requestScaling";
import { modelScaledObject } from "../../../components/vllm/requestScaling";
import { isBlind, platformTables } from "../../../local/environment/report";
import { metricText } from "../../../operations/stack/metricState";
import { stateText, workloads, type WorkloadState } from "../../../operations/stack/platformState";
import { scaledObjects } from "../../../operations/stack/scaledObjects";
import { signalName } from "../../../operations/stack/signalNames";
import { parsed } from "../../support/config";
import { serveKubernetes, type KubernetesObjects } from "../../support/kubernetesApi";
import { autoscaler, MODEL_NAMESPACE, PATHS, pod } from "../../support/liveObjects";
import {
  FALLBACK_HOLDS,
  modelObject,
  READY,
  SCALING_PATHS,
  scaledObject,
  sleepingAutoscaler,
} from "../../support/scaledStack";
import { LLAMA, QWEN } from "../../support/models";

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((api) => api.close()));
});

async function served(objects: KubernetesObjects, refusal?: number) {
  const api = await serveKubernetes(objects, refusal === undefined ? {} : { refusal });
  open.push(api);
  return api.config;
}

const LIST = SCALING_PATHS.scaledObjects(MODEL_NAMESPACE);
const one = async (object: object) => {
  const [found] = await scaledObjects(await served({ [LIST]: [object] }), MODEL_NAMESPACE);
  if (found === undefined) {
    throw new Error("no ScaledObject was read");
  }
  return found;
};

describe("a ScaledObject", () => {
  test("says where each of its signals is read, and how often in a row it could not be", async () => {
    const {
      triggers,
      metrics,
      autoscaler: hpa,
    } = await one(modelObject("a", { health: { "s1-metric-api-x": { numberOfFailures: 5 } } }));
    expect(triggers.map(({ name, failures }) => [name, failures])).toEqual([
      ["running", 0],
      ["waiting", 5],
    ]);
    expect(triggers[0]?.source).toEqual({
      service: "a",
      namespace: MODEL_NAMESPACE,
      port: VLLM_PORT,
      path: "/metrics",
      metric: "vllm:num_requests_running",
      labels: { model_name: "a" },
    });
    expect([metrics, hpa]).toEqual([["composite-metric"], "a-hpa"]);
  });

  test("counts the first trigger's failures for no other one's", async () => {
    const many = Array.from({ length: 11 }, (_, index) => ({
      type: "cron" as const,
      name: `t${index}`,
      metadata: { timezone: "UTC", start: "0 1 * * *", end: "0 2 * * *", desiredReplicas: "1" },
    }));
    const { triggers } = await one(
      scaledObject("a", MODEL_NAMESPACE, many, { health: { "s10-cron": { numberOfFailures: 2 } } }),
    );
    expect(triggers.map(({ failures }) => failures)).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2]);
  });

  test("has no metric before KEDA has looked at it", async () => {
    expect((await one({ ...modelObject("a"), status: {} })).metrics).toEqual([]);
  });

  test("is none where the cluster does not know the kind, and an error where it may not be read", async () => {
    expect(await scaledObjects(await served({}), MODEL_NAMESPACE)).toEqual([]);
    await expect(scaledObjects(await served({}, 403), MODEL_NAMESPACE)).rejects.toThrow("403");
  });

  test("is paused by its annotations alone, and not by one that says no", async () => {
    const annotations = {
      "autoscaling.keda.sh/paused": "false",
      "autoscaling.keda.sh/paused-scale-in": "true",
      "autoscaling.keda.sh/force-activation": "true",
    };
    expect((await one(modelObject("a", { annotations }))).pauses).toEqual([
      { annotation: "autoscaling.keda.sh/paused-scale-in", value: "true" },
    ]);
  });
});

describe("the signals of this platform are called what they are:", () => {
  const config = parsed({
    autoscaling: { requests: "keda" },
    models: { [LLAMA]: { autoscaling: { minReplicas: 0 } }, [QWEN]: {} },
  });
  const models = Object.entries(config.models).map(([name, model]) => ({ ...model, name }));
  const nameIn = async (spec: object, metric: string) => {
    const object = { metadata: { name: "x", namespace: MODEL_NAMESPACE }, spec };
    return signalName(metric, await one(object));
  };

  test.each([LLAMA, QWEN])("the share of slots of %s, which may sleep or not", async (name) => {
    const [model] = models.filter((each) => each.name === name);
    expect(model).toBeDefined();
    if (model !== undefined) {
      const spec = modelScaledObject({
        model,
        namespace: MODEL_NAMESPACE,
        gatewayNamespace: "chat",
        admission: true,
      });
      expect(await nameIn(spec, "composite-metric")).toEqual({ name: "slots", percent: true });
    }
  });

  test("the gateway's requests in flight, after its resources", async () => {
    const spec = gatewayScaledObject({ ...config.gateway, models });
    const index = spec.triggers.findIndex(({ type }) => type === "metrics-api");
    expect(index).toBeGreaterThan(0);
    expect(await nameIn(spec, `s${index}-metric-api-whatever`)).toEqual({
      name: "requests in flight",
      percent: false,
    });
  });

  test("a formula of somebody else's is a formula", async () => {
    const found = await one(modelObject("a", { formula: "running + waiting" }));
    expect(signalName("composite-metric", found)).toEqual({ name: "formula", percent: false });
  });
});

describe("a workload that KEDA scales", () => {
  const external = (averageValue?: string) => ({
    ...sleepingAutoscaler("a"),
    status: {
      desiredReplicas: 2,
      conditions: [{ type: "ScalingActive", status: "True", reason: "ValidMetricFound" }],
      currentMetrics: [
        {
          type: "External",
          external: {
            metric: { name: "composite-metric" },
            current: averageValue === undefined ? {} : { averageValue },
          },
        },
      ],
    },
  });
  const replica = (ready: boolean) =>
    pod("a-0", "server", {
      namespace: MODEL_NAMESPACE,
      more: { labels: { "app.kubernetes.io/name": "a" } },
      status: {
        phase: "Running",
        conditions: [{ type: "Ready", status: ready ? "True" : "False" }],
      },
    });
  const seen = async (
    object: object,
    { replicas, hpa, pods = [] }: { replicas: number; hpa?: object; pods?: readonly object[] },
  ): Promise<WorkloadState> => {
    const config = await served({
      [LIST]: [object],
      [PATHS.autoscalers(MODEL_NAMESPACE)]: hpa === undefined ? [] : [hpa],
      [PATHS.pods(MODEL_NAMESPACE)]: pods,
      [PATHS.deployments(MODEL_NAMESPACE)]: [{ metadata: { name: "a" }, spec: { replicas: 9 } }],
      [PATHS.statefulSets(MODEL_NAMESPACE)]: [{ metadata: { name: "a" }, spec: { replicas } }],
    });
    const [found, ...others] = await workloads(config, [MODEL_NAMESPACE, MODEL_NAMESPACE]);
    expect(others).toEqual([]);
    if (found === undefined) {
      throw new Error("no workload was found");
    }
    return found;
  };
  const sleeper = modelObject("a", { minimum: 0 });

  test("shows the share of slots that it has and is to have", async () => {
    const { metrics, minimum, phase, wanted } = await seen(sleeper, {
      replicas: 2,
      hpa: external("64333m"),
      pods: [replica(true)],
    });
    expect(metrics.map(metricText)).toEqual(["slots 64/90 %"]);
    expect({ minimum, phase, wanted }).toEqual({ minimum: 0, phase: undefined, wanted: 2 });
  });

  test("is asleep without a replica, whatever its disabled autoscaler says", async () => {
    const found = await seen(sleeper, { replicas: 0, hpa: sleepingAutoscaler("a") });
    expect(stateText(found)).toBe("asleep");
    expect(isBlind(found)).toBe(false);
  });

  test("wakes until a replica is ready, and is waited for meanwhile", async () => {
    const found = await seen(sleeper, {
      replicas: 1,
      hpa: sleepingAutoscaler("a"),
      pods: [replica(false)],
    });
    expect(found).toMatchObject({ phase: "waking", wanted: 1, ready: 0 });
    expect(isBlind(found)).toBe(true);
  });

  test("that never sleeps is not asleep when somebody took its replicas", async () => {
    const found = await seen(modelObject("a"), { replicas: 0, hpa: sleepingAutoscaler("a") });
    expect(found.phase).toBeUndefined();
    expect(stateText(found)).toContain("ScalingActive: ScalingDisabled");
  });

  test("is shown while it is paused, though it has no autoscaler then", async () => {
    const annotations = { "autoscaling.keda.sh/paused": "true" };
    const found = await seen(modelObject("a", { annotations }), { replicas: 3 });
    expect(found).toMatchObject({ name: "a", autoscaler: "a-hpa", wanted: 3 });
    expect(stateText(found)).toBe("paused");
    expect(isBlind(found)).toBe(false);
  });

  test("says that its fallback holds, and for which signal", async () => {
    const conditions = [READY, FALLBACK_HOLDS];
    const health = { "s0-metric-api-x": { numberOfFailures: 4 } };
    const found = await seen(modelObject("a", { conditions, health }), {
      replicas: 1,
      hpa: external("10"),
    });
    expect(stateText(found)).toBe("fallback in force: no reading of requests running");
  });

  test("has no autoscaler before KEDA has made one, and is waited for", async () => {
    const found = await seen({ ...modelObject("a"), status: {} }, { replicas: 1 });
    expect(stateText(found)).toBe("KEDA has made no autoscaler of it yet");
    expect(isBlind(found)).toBe(true);
  });
});

test("the tables of make up tell of sleep, of what is wanted, and of placeholders", async () => {
  const placeholder = pod("headroom-inf2-x", "headroom", {
    namespace: MODEL_NAMESPACE,
    status: { phase: "Pending", conditions: [] },
  });
  const config = await served({
    "/api/v1/pods": [{ ...placeholder, spec: { containers: [] } }],
    "/api/v1/nodes": [],
    "/apis/apps/v1/daemonsets": [],
    "/apis/autoscaling/v2/horizontalpodautoscalers": [
      { ...autoscaler("a-hpa"), metadata: { name: "a-hpa", namespace: MODEL_NAMESPACE } },
    ],
    [LIST]: [modelObject("a", { minimum: 0 })],
    [PATHS.autoscalers(MODEL_NAMESPACE)]: [sleepingAutoscaler("a")],
    [PATHS.pods(MODEL_NAMESPACE)]: [],
    [PATHS.deployments(MODEL_NAMESPACE)]: [],
    [PATHS.statefulSets(MODEL_NAMESPACE)]: [{ metadata: { name: "a" }, spec: { replicas: 0 } }],
  });
  const rows = (await platformTables(config)).split("\n");
  const row = (name: string) => rows.find((each) => each.includes(name)) ?? "";
  expect(row("a-hpa")).toMatch(/ StatefulSet\/a .* slots \?\/90 % .* 0 of 0 .* 0-4 .* asleep /);
  expect(row("headroom-inf2-x")).toContain("placeholder: waits for a node");
});

test("a gateway scaled by Kubernetes alone is shown as before", async () => {
  const config = await served({
    [PATHS.autoscalers("chat")]: [
      {
        metadata: { name: "litellm-hpa" },
        spec: {
          minReplicas: 2,
          maxReplicas: 10,
          scaleTargetRef: { kind: "Deployment", name: GATEWAY },
        },
        status: { desiredReplicas: 2 },
      },
    ],
    [PATHS.pods("chat")]: [],
  });
  expect(await workloads(config, ["chat"])).toEqual([
    {
      name: GATEWAY,
      kind: "Deployment",
      namespace: "chat",
      autoscaler: "litellm-hpa",
      minimum: 2,
      maximum: 10,
      wanted: 2,
      ready: 0,
      phase: undefined,
      metrics: [],
      limits: [],
    },
  ]);
});
