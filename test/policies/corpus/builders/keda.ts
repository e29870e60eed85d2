import { autoscaler, budget, container, deployment, utilization } from "../../fixtures";
import { type TestResource } from "../../support";
import { object } from "../case";

export const REQUESTS = "autoscaler-target-requests";
export const BOUNDS = "autoscaler-bounds";
export const METRICS = "autoscaler-metrics";
export const CONFLICTS = "autoscaler-conflicts";
export const REACH = "autoscaler-reachable-target";
export const DEVICE = { "aws.amazon.com/neuron": "1" };
export const bare = deployment({ containers: [container({ resources: {} })] });
export const kept = budget();

export const scaled = (
  spec: Record<string, unknown>,
  name = "web",
  changes: Partial<TestResource> = {},
): TestResource =>
  object(
    "keda.sh/v1alpha1:ScaledObject",
    name,
    { spec: { scaleTargetRef: { name: "web" }, minReplicaCount: 1, maxReplicaCount: 5, ...spec } },
    changes,
  );
export const cpu = { type: "cpu", metricType: "Utilization", metadata: { value: "70" } };
export const query = (text: string, threshold = "5", more: object = {}) => ({
  type: "prometheus",
  metadata: { serverAddress: "http://prometheus:9090", query: text, threshold },
  ...more,
});
export const queue = query("sum(queue_length)");
export const vllm = (...args: string[]) => deployment({ containers: [container({ args })] });
export const limited = (limits: Record<string, string>) =>
  deployment({
    containers: [container({ resources: { requests: { cpu: "1", memory: "1Gi" }, limits } })],
  });
export const hpa = autoscaler({ metrics: [utilization("cpu")] });
export const podsMetric = (name: string, averageValue: string) =>
  autoscaler({
    metrics: [
      { type: "Pods", pods: { metric: { name }, target: { type: "AverageValue", averageValue } } },
    ],
  });
