import { autoscaler, container, deployment, utilization } from "../fixtures";
import {
  METRICS,
  REACH,
  DEVICE,
  kept,
  scaled,
  cpu,
  query,
  queue,
  vllm,
  limited,
  podsMetric,
} from "./builders/keda";
import { bad, good, type Case } from "./case";

/** Signals that no autoscaler can work with. */
export const SIGNALS: readonly Case[] = [
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
    scaled({ triggers: [query("sum(vllm:gpu_cache_usage_perc)", "0.8")] }),
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
