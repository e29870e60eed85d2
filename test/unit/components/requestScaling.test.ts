/** ScaledObjects: what KEDA is told to watch. */
import { describe, expect, test } from "vitest";
import { gatewayScaledObject } from "../../../components/litellm/requestScaling";
import { modelScaledObject } from "../../../components/vllm/requestScaling";
import { parsed, parsedGateway } from "../../support/config";
import { LLAMA } from "../../support/models";

/** The model as a stack writes it that says so of its autoscaler. */
function scaledModel(autoscaling: object, admission = true) {
  const model = parsed({
    autoscaling: { requests: "keda" },
    models: { [LLAMA]: { autoscaling } },
  }).models[LLAMA];
  if (model === undefined) {
    throw new Error(`${LLAMA} is not in the configuration`);
  }
  return modelScaledObject({
    model: { name: LLAMA, ...model },
    namespace: "vllm",
    gatewayNamespace: "litellm",
    admission,
  });
}

const read = (object: ReturnType<typeof scaledModel>) =>
  object.triggers.map((trigger) =>
    trigger.type === "metrics-api"
      ? [trigger.name, trigger.metadata.url, trigger.metadata.valueLocation]
      : [trigger.type],
  );

describe("a model that always runs", () => {
  const object = scaledModel({ minReplicas: 1, maxReplicas: 4 });

  test("scales on the share of its slots: what runs and waits in its replicas, and what waits in the gateway", () => {
    expect(read(object)).toEqual([
      [
        "running",
        `http://${LLAMA}.vllm.svc.cluster.local:8000/metrics`,
        `vllm:num_requests_running{model_name="${LLAMA}"}`,
      ],
      [
        "waiting",
        `http://${LLAMA}.vllm.svc.cluster.local:8000/metrics`,
        `vllm:num_requests_waiting{model_name="${LLAMA}"}`,
      ],
      [
        "queued",
        "http://litellm-signals.litellm.svc.cluster.local:4001/metrics",
        `llm_gateway_requests_waiting{model="vllm/${LLAMA}"}`,
      ],
    ]);
    expect(object.advanced.scalingModifiers).toEqual({
      formula: "(running + waiting + queued) * 100 / 4",
      target: "90",
      metricType: "AverageValue",
    });
  });

  test("keeps its bounds, its autoscaler's name and what runs while a signal fails", () => {
    expect(object).toMatchObject({
      minReplicaCount: 1,
      maxReplicaCount: 4,
      fallback: { replicas: 1, behavior: "currentReplicasIfHigher" },
      advanced: { horizontalPodAutoscalerConfig: { name: `${LLAMA}-hpa` } },
    });
    // KEDA would warn that they say nothing.
    expect(object).not.toHaveProperty("cooldownPeriod");
    expect(object).not.toHaveProperty("pollingInterval");
  });

  test("has no queue in the gateway where nothing waits there", () => {
    expect(read(scaledModel({}, false)).map(([name]) => name)).toEqual(["running", "waiting"]);
  });

  test("has at least the replicas of a schedule in its time", () => {
    const nightly = { timezone: "Europe/Berlin", start: "0 7 * * 1-5", end: "0 19 * * 1-5" };
    const { advanced, triggers } = scaledModel({
      maxReplicas: 4,
      requests: { slotUtilization: 75, schedule: [{ ...nightly, replicas: 3 }] },
    });
    expect(advanced.scalingModifiers).toMatchObject({
      formula: "max((running + waiting + queued) * 100 / 4, schedule0 * 75)",
      target: "75",
    });
    expect(triggers.at(-1)).toEqual({
      type: "cron",
      name: "schedule0",
      metadata: { ...nightly, desiredReplicas: "3" },
    });
  });
});

describe("a model that may sleep", () => {
  const object = scaledModel({ minReplicas: 0, maxReplicas: 4, requests: { idleSeconds: 600 } });

  test("asks the gateway alone: without a replica nobody else answers, and one trigger that fails would keep it asleep", () => {
    expect(new Set(read(object).map(([, url]) => url))).toEqual(
      new Set(["http://litellm-signals.litellm.svc.cluster.local:4001/metrics"]),
    );
    expect(object.advanced.scalingModifiers?.formula).toBe("max(held, wanted) * 100 / 4");
  });

  test("falls asleep after its idle time, not before it is that old, and stays as it is while nobody can say", () => {
    expect(object).toMatchObject({
      minReplicaCount: 0,
      cooldownPeriod: 600,
      initialCooldownPeriod: 600,
      fallback: { behavior: "currentReplicas" },
      advanced: { restoreToOriginalReplicaCount: true },
    });
  });

  test("wakes while nobody can say, where the configuration wants it so", () => {
    expect(
      scaledModel({ minReplicas: 0, requests: { fallbackReplicas: 2 } }).fallback,
    ).toMatchObject({ replicas: 2, behavior: "currentReplicasIfHigher" });
  });
});

describe("the gateway", () => {
  const models = Object.values(parsed({ models: { [LLAMA]: {} } }).models);
  const scaled = (autoscaling: object = {}) => {
    const gateway = parsedGateway({ gateway: { autoscaling } });
    return gatewayScaledObject({ ...gateway, models });
  };

  test("keeps bounds, CPU, memory and name of its autoscaler, and gets its requests in flight", () => {
    const object = scaled();
    expect(object).toMatchObject({
      minReplicaCount: 2,
      maxReplicaCount: 10,
      advanced: { horizontalPodAutoscalerConfig: { name: "litellm-hpa" } },
    });
    expect(object.triggers).toEqual([
      { type: "cpu", metricType: "Utilization", metadata: { value: "70" } },
      { type: "memory", metricType: "Utilization", metadata: { value: "80" } },
      expect.objectContaining({
        name: "requests",
        metadata: expect.objectContaining({
          valueLocation: "llm_gateway_requests_in_flight",
          // Two replicas of four slots, and as many again in the queue: 16 requests ask for four pods.
          targetValue: "4",
        }) as object,
      }),
    ]);
  });

  test("measures one container, or a mean value, where its settings say so", () => {
    const metrics = [
      {
        kind: "containerResource",
        container: "litellm",
        resource: "cpu",
        averageUtilization: 50,
      },
      { kind: "resource", resource: "memory", averageValue: "2Gi" },
    ];
    expect(
      scaled({ cpuUtilization: null, memoryUtilization: null, metrics }).triggers.slice(0, 2),
    ).toEqual([
      {
        type: "cpu",
        metricType: "Utilization",
        metadata: { value: "50", containerName: "litellm" },
      },
      { type: "memory", metricType: "AverageValue", metadata: { value: "2Gi" } },
    ]);
  });
});
