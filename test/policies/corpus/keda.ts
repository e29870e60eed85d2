import { autoscaler, budget, container, deployment, utilization } from "../fixtures";
import type { TestResource } from "../support";
import { bad, good, object, type Case } from "./case";

const REQUESTS = "autoscaler-target-requests";
const BOUNDS = "autoscaler-bounds";
const METRICS = "autoscaler-metrics";
const CONFLICTS = "autoscaler-conflicts";
const REACH = "autoscaler-reachable-target";
const DEVICE = { "aws.amazon.com/neuron": "1" };
const bare = deployment({ containers: [container({ resources: {} })] });
const kept = budget();

const scaled = (
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
const cpu = { type: "cpu", metricType: "Utilization", metadata: { value: "70" } };
const query = (text: string, threshold = "5", more: object = {}) => ({
  type: "prometheus",
  metadata: { serverAddress: "http://prometheus:9090", query: text, threshold },
  ...more,
});
const queue = query("sum(queue_length)");
const vllm = (...args: string[]) => deployment({ containers: [container({ args })] });
const limited = (limits: Record<string, string>) =>
  deployment({
    containers: [container({ resources: { requests: { cpu: "1", memory: "1Gi" }, limits } })],
  });
const hpa = autoscaler({ metrics: [utilization("cpu")] });
const podsMetric = (name: string, averageValue: string) =>
  autoscaler({
    metrics: [
      { type: "Pods", pods: { metric: { name }, target: { type: "AverageValue", averageValue } } },
    ],
  });

/** ScaledObjects, and signals that no autoscaler can work with. */
export const KEDA: readonly Case[] = [
  good(
    "cpu trigger",
    "every container requests CPU",
    deployment(),
    scaled({ triggers: [cpu] }),
    kept,
  ),
  bad(
    REQUESTS,
    "cpu trigger without request",
    "KEDA makes a Resource metric of it",
    bare,
    scaled({ triggers: [cpu] }),
    kept,
  ),
  bad(
    REQUESTS,
    "memory trigger of old",
    "metadata.type was the metric type",
    bare,
    scaled({ triggers: [{ type: "memory", metadata: { type: "Utilization", value: "70" } }] }),
    kept,
  ),
  good(
    "average value of CPU",
    "no share, no request",
    bare,
    scaled({ triggers: [{ ...cpu, metricType: "AverageValue" }] }),
    kept,
  ),
  bad(
    REQUESTS,
    "container without request",
    "only the named one is measured",
    deployment({ containers: [container(), container({ name: "proxy", resources: {} })] }),
    scaled({ triggers: [{ ...cpu, metadata: { value: "70", containerName: "proxy" } }] }),
    kept,
  ),
  good(
    "container with request",
    "only the named one is measured",
    deployment({ containers: [container(), container({ name: "proxy", resources: {} })] }),
    scaled({ triggers: [{ ...cpu, metadata: { value: "70", containerName: "web" } }] }),
    kept,
  ),
  good(
    "prometheus trigger",
    "an external metric needs no request",
    bare,
    scaled({ triggers: [queue] }),
    kept,
  ),
  bad(REQUESTS, "absent target", "nothing has the name", scaled({ triggers: [queue] }), kept),
  good(
    "a StatefulSet",
    "named with its kind",
    deployment({}, { type: "kubernetes:apps/v1:StatefulSet" }),
    scaled({
      scaleTargetRef: { apiVersion: "apps/v1", kind: "StatefulSet", name: "web" },
      triggers: [queue],
    }),
    kept,
  ),
  bad(
    "autoscaler-owns-replicas",
    "fixed replicas",
    "every update sets them back",
    deployment({}, {}, { replicas: 2 }),
    scaled({ triggers: [queue] }),
    kept,
  ),
  bad(
    "autoscaler-disruption-budget",
    "no budget",
    "nodes are drained under it",
    deployment(),
    scaled({ triggers: [queue] }),
  ),

  bad(
    CONFLICTS,
    "two ScaledObjects",
    "KEDA's webhook refuses the second",
    deployment(),
    scaled({ triggers: [queue] }),
    scaled({ triggers: [cpu] }, "second"),
    kept,
  ),
  bad(
    CONFLICTS,
    "with an HPA",
    "the two undo each other's work",
    deployment(),
    scaled({ triggers: [queue] }),
    hpa,
    kept,
  ),
  good("taking an HPA over", "the annotation transfers it", deployment(), hpa, kept, {
    ...scaled({
      triggers: [queue],
      advanced: { horizontalPodAutoscalerConfig: { name: "web-hpa" } },
    }),
    props: {
      metadata: {
        name: "web",
        namespace: "shop",
        annotations: { "scaledobject.keda.sh/transfer-hpa-ownership": "true" },
      },
      spec: {
        scaleTargetRef: { name: "web" },
        minReplicaCount: 1,
        triggers: [queue],
        advanced: { horizontalPodAutoscalerConfig: { name: "web-hpa" } },
      },
    },
  }),

  bad(
    BOUNDS,
    "minimum above maximum",
    "KEDA's webhook refuses it",
    deployment(),
    scaled({ minReplicaCount: 6, triggers: [queue] }),
    kept,
  ),
  bad(
    BOUNDS,
    "minimum above the default maximum",
    "the default is 100",
    deployment(),
    scaled({ minReplicaCount: 101, maxReplicaCount: undefined, triggers: [queue] }),
    kept,
  ),
  bad(
    BOUNDS,
    "maximum of zero",
    "no pod ever",
    deployment(),
    scaled({ minReplicaCount: 0, maxReplicaCount: 0, triggers: [queue] }),
    kept,
  ),
  bad(
    BOUNDS,
    "idle at the minimum",
    "KEDA wants it below",
    deployment(),
    scaled({ idleReplicaCount: 1, triggers: [queue] }),
    kept,
  ),
  good(
    "idle at zero",
    "below the minimum",
    deployment(),
    scaled({ idleReplicaCount: 0, triggers: [queue] }),
    kept,
  ),
  bad(
    BOUNDS,
    "to zero by CPU alone",
    "no pod, no CPU, no pod",
    deployment(),
    scaled({ minReplicaCount: 0, triggers: [cpu] }),
    kept,
  ),
  bad(
    BOUNDS,
    "the default minimum by CPU alone",
    "the default is 0",
    deployment(),
    scaled({ minReplicaCount: undefined, triggers: [cpu] }),
    kept,
  ),
  good(
    "to zero by a queue",
    "the queue is there without a pod",
    deployment(),
    scaled({ minReplicaCount: 0, triggers: [queue] }),
    kept,
  ),
  good(
    "to zero by a queue and CPU",
    "the queue wakes it",
    deployment(),
    scaled({ minReplicaCount: 0, triggers: [queue, cpu] }),
    kept,
  ),

  bad(METRICS, "no triggers", "nothing to scale on", deployment(), scaled({ triggers: [] }), kept),
  bad(
    METRICS,
    "same name twice",
    "KEDA's webhook refuses it",
    deployment(),
    scaled({
      triggers: [
        { ...queue, name: "a" },
        { ...cpu, name: "a" },
      ],
    }),
    kept,
  ),
  good(
    "two names",
    "each is its own",
    deployment(),
    scaled({
      triggers: [
        { ...queue, name: "a" },
        { ...cpu, name: "b" },
      ],
    }),
    kept,
  ),
  bad(
    METRICS,
    "a selector alone",
    "one series a pod",
    deployment(),
    scaled({ triggers: [query("vllm:num_requests_waiting")] }),
    kept,
  ),
  bad(
    METRICS,
    "a rate alone",
    "one series a pod",
    deployment(),
    scaled({ triggers: [query('rate(http_requests_total{app="web"}[1m])')] }),
    kept,
  ),
  bad(
    METRICS,
    "sum by pod",
    "one series a pod",
    deployment(),
    scaled({ triggers: [query("sum by (pod) (queue_length)")] }),
    kept,
  ),
  bad(
    METRICS,
    "sum, by pod",
    "one series a pod",
    deployment(),
    scaled({ triggers: [query("sum(queue_length) by (pod)")] }),
    kept,
  ),
  good(
    "max of sums",
    "one value",
    deployment(),
    scaled({ triggers: [query("max(sum by (pod) (queue_length))")] }),
    kept,
  ),
  good(
    "sum of two sums",
    "one value",
    deployment(),
    scaled({ triggers: [query("sum(a) + sum(b)")] }),
    kept,
  ),
  good(
    "scalar",
    "one value",
    deployment(),
    scaled({ triggers: [query("scalar(queue_length)")] }),
    kept,
  ),
  bad(
    METRICS,
    "no CPU value",
    "the trigger has no target",
    deployment(),
    scaled({ triggers: [{ type: "cpu", metricType: "Utilization", metadata: {} }] }),
    kept,
  ),

  bad(
    REACH,
    "cache use above one",
    "the gauge is a share",
    deployment(),
    scaled({ triggers: [query("avg(vllm:gpu_cache_usage_perc)", "80")] }),
    kept,
  ),
  good(
    "cache use below one",
    "the gauge is a share",
    deployment(),
    scaled({ triggers: [query("avg(vllm:gpu_cache_usage_perc)", "0.8")] }),
    kept,
  ),
  good(
    "cache use in percent",
    "the query multiplies it",
    deployment(),
    scaled({ triggers: [query("100 * avg(vllm:gpu_cache_usage_perc)", "80")] }),
    kept,
  ),
  bad(
    REACH,
    "more running than slots",
    "a pod runs four at most",
    vllm("--max-num-seqs", "4"),
    scaled({ triggers: [query("sum(vllm:num_requests_running)", "8")] }),
    kept,
  ),
  bad(
    REACH,
    "more running than slots, as a pods metric",
    "a pod runs four at most",
    vllm("--max-num-seqs=4"),
    podsMetric("vllm:num_requests_running", "8"),
    kept,
  ),
  good(
    "fewer running than slots",
    "three of four",
    vllm("--max-num-seqs=4"),
    podsMetric("vllm:num_requests_running", "3"),
    kept,
  ),
  good(
    "waiting counts",
    "it has no ceiling",
    vllm("--max-num-seqs=4"),
    scaled({
      triggers: [query("sum(vllm:num_requests_running) + sum(vllm:num_requests_waiting)", "8")],
    }),
    kept,
  ),
  bad(
    REACH,
    "share above the limit",
    "use ends at the limit",
    limited({ cpu: "1", memory: "1Gi" }),
    autoscaler({
      metrics: [
        {
          type: "Resource",
          resource: { name: "cpu", target: { type: "Utilization", averageUtilization: 120 } },
        },
      ],
    }),
    kept,
  ),
  good(
    "share above the request",
    "the limit is twice the request",
    limited({ cpu: "2", memory: "1Gi" }),
    autoscaler({
      metrics: [
        {
          type: "Resource",
          resource: { name: "cpu", target: { type: "Utilization", averageUtilization: 120 } },
        },
      ],
    }),
    kept,
  ),
  good(
    "share above the request, no limit",
    "use has no ceiling",
    deployment(),
    autoscaler({
      metrics: [
        {
          type: "Resource",
          resource: { name: "cpu", target: { type: "Utilization", averageUtilization: 150 } },
        },
      ],
    }),
    kept,
  ),

  bad(
    METRICS,
    "HPA on a Neuron device",
    "metrics-server does not measure it",
    deployment({
      containers: [container({ resources: { requests: DEVICE, limits: DEVICE } })],
      tolerations: [{ key: "aws.amazon.com/neuron", operator: "Exists" }],
    }),
    autoscaler({ metrics: [utilization("aws.amazon.com/neuron")] }),
    kept,
  ),
  bad(
    METRICS,
    "metric without settings",
    "the API server refuses it",
    deployment(),
    autoscaler({ metrics: [{ type: "Pods" }] }),
    kept,
  ),
  bad(
    METRICS,
    "metric of no type",
    "the API server refuses it",
    deployment(),
    autoscaler({ metrics: [{ type: "CPU" }] }),
    kept,
  ),
  bad(
    METRICS,
    "container metric without container",
    "the API server refuses it",
    deployment(),
    autoscaler({
      metrics: [
        {
          type: "ContainerResource",
          containerResource: {
            name: "cpu",
            target: { type: "Utilization", averageUtilization: 50 },
          },
        },
      ],
    }),
    kept,
  ),
];
