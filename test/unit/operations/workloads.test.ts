/** The autoscaled workloads of a cluster, as an operator's commands see them. */
import { afterEach, expect, test } from "vitest";
import { workloads } from "../../../operations/stack/platformState";
import {
  serveKubernetes,
  type KubernetesApi,
  type KubernetesObjects,
} from "../../support/kubernetesApi";
import { GATEWAY_NAMESPACE, MODEL_NAMESPACE, PATHS } from "../../support/liveObjects";

const open: KubernetesApi[] = [];
afterEach(() => Promise.all(open.splice(0).map((api) => api.close())));

async function seen(objects: KubernetesObjects) {
  const api = await serveKubernetes({
    [PATHS.autoscalers(GATEWAY_NAMESPACE)]: [],
    [PATHS.autoscalers(MODEL_NAMESPACE)]: [],
    [PATHS.pods(GATEWAY_NAMESPACE)]: [],
    [PATHS.pods(MODEL_NAMESPACE)]: [],
    ...objects,
  });
  open.push(api);
  return workloads(api.config, [GATEWAY_NAMESPACE, MODEL_NAMESPACE]);
}

const autoscaler = (name: string, spec: object, status?: object) => ({
  metadata: { name: `${name}-hpa` },
  spec: { scaleTargetRef: { kind: "Deployment", name }, ...spec },
  ...(status === undefined ? {} : { status }),
});

const podOf = (name: string, ready: string, more: object = {}) => ({
  metadata: { name: `${name}-1`, labels: { "app.kubernetes.io/name": name }, ...more },
  status: { conditions: [{ type: "Ready", status: ready }] },
});

test("a workload has its autoscaler's bounds and wish, and the pods of its name that are ready", async () => {
  const cpu = { type: "Utilization", averageUtilization: 70 };
  const found = await seen({
    [PATHS.autoscalers(GATEWAY_NAMESPACE)]: [
      autoscaler(
        "litellm",
        {
          minReplicas: 2,
          maxReplicas: 9,
          metrics: [{ type: "Resource", resource: { name: "cpu", target: cpu } }],
        },
        {
          desiredReplicas: 4,
          currentMetrics: [
            { type: "Resource", resource: { name: "cpu", current: { averageUtilization: 35 } } },
          ],
        },
      ),
    ],
    [PATHS.pods(GATEWAY_NAMESPACE)]: [
      podOf("litellm", "True"),
      podOf("litellm", "True"),
      podOf("litellm", "False"),
      podOf("litellm", "True", { deletionTimestamp: "2026-11-25T00:00:00Z" }),
      podOf("redis", "True"),
      { metadata: { name: "unlabelled" }, status: podOf("x", "True").status },
      { status: podOf("x", "True").status },
    ],
  });
  expect(found).toEqual([
    {
      name: "litellm",
      namespace: GATEWAY_NAMESPACE,
      minimum: 2,
      maximum: 9,
      wanted: 4,
      ready: 2,
      metrics: [{ name: "cpu", kind: "utilization", target: 70, current: 35 }],
      limits: [],
    },
  ]);
});

test("workloads of all namespaces are seen, each with pods of its own namespace", async () => {
  const found = await seen({
    [PATHS.autoscalers(GATEWAY_NAMESPACE)]: [autoscaler("a", { maxReplicas: 3 })],
    [PATHS.autoscalers(MODEL_NAMESPACE)]: [
      autoscaler("a", { maxReplicas: 4 }),
      autoscaler("b", { maxReplicas: 5 }),
    ],
    [PATHS.pods(MODEL_NAMESPACE)]: [podOf("a", "True")],
  });
  expect(
    found.map(({ name, namespace, maximum, ready }) => [name, namespace, maximum, ready]),
  ).toEqual([
    ["a", GATEWAY_NAMESPACE, 3, 0],
    ["a", MODEL_NAMESPACE, 4, 1],
    ["b", MODEL_NAMESPACE, 5, 0],
  ]);
});

test("an autoscaler that has just been made has Kubernetes' least replicas, no wish, no metrics", async () => {
  const [found] = await seen({
    [PATHS.autoscalers(GATEWAY_NAMESPACE)]: [autoscaler("litellm", { maxReplicas: 9 })],
  });
  expect(found).toMatchObject({ minimum: 1, maximum: 9, wanted: 0, metrics: [], limits: [] });
});

test.each<[string, string, string | undefined, string[]]>([
  ["cannot scale", "AbleToScale", "FailedGetScale", ["AbleToScale: FailedGetScale"]],
  ["sees no metrics", "ScalingActive", "FailedGetMetric", ["ScalingActive: FailedGetMetric"]],
  ["does not say why", "ScalingActive", undefined, ["ScalingActive: no reason"]],
])("an autoscaler that %s says so", async (_what, type, reason, limits) => {
  const autoscalerIn = (status: string) =>
    seen({
      [PATHS.autoscalers(GATEWAY_NAMESPACE)]: [
        autoscaler("litellm", { maxReplicas: 9 }, { conditions: [{ type, status, reason }] }),
      ],
    });
  expect((await autoscalerIn("False"))[0]?.limits).toEqual(limits);
  expect((await autoscalerIn("True"))[0]?.limits).toEqual([]);
});

test("an autoscaler at a bound says which, and that it is at none is no limit", async () => {
  const autoscalerIn = (status: string) =>
    seen({
      [PATHS.autoscalers(GATEWAY_NAMESPACE)]: [
        autoscaler(
          "litellm",
          { maxReplicas: 9 },
          { conditions: [{ type: "ScalingLimited", status, reason: "TooManyReplicas" }] },
        ),
      ],
    });
  expect((await autoscalerIn("True"))[0]?.limits).toEqual(["ScalingLimited: TooManyReplicas"]);
  expect((await autoscalerIn("False"))[0]?.limits).toEqual([]);
});
