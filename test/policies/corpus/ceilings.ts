import { autoscaler, container, deployment } from "../fixtures";
import { LATER } from "../support";
import { REACH, kept, limited, podsMetric, query, scaled, vllm } from "./builders/keda";
import { old } from "./builders/requests";
import { bad, good, type Case } from "./case";

/** An autoscaler that adds a pod at a share of CPU. */
const at = (averageUtilization: unknown, spec: object = {}, name = "cpu") =>
  autoscaler({
    metrics: [
      { type: "Resource", resource: { name, target: { type: "Utilization", averageUtilization } } },
    ],
    ...spec,
  });
const tolerance = (value: unknown) => ({ behavior: { scaleUp: { tolerance: value } } });
/** Limits as high as the requests. */
const full = limited({ cpu: "1", memory: "1Gi" });
const fullSidecar = container({
  name: "proxy",
  resources: { requests: { cpu: "500m" }, limits: { cpu: "500m" } },
});
const cpuTrigger = (value: string, advanced: object = {}) =>
  scaled({ triggers: [{ type: "cpu", metricType: "Utilization", metadata: { value } }], advanced });
const cache = (threshold: string, text = "avg(vllm:gpu_cache_usage_perc)", more: object = {}) =>
  scaled({ triggers: [query(text, threshold, more)] });

/** Signals that end below the target, or within the controller's tolerance above it. */
export const CEILINGS: readonly Case[] = [
  ...[91, 95, 99, 100].map((percent) =>
    bad(
      REACH,
      `${percent} % of requests that are the limits`,
      "100 % is less than a tenth above it: the controller leaves the replicas as they are",
      full,
      at(percent),
      kept,
    ),
  ),
  ...[50, 80, 90].map((percent) =>
    good(
      `${percent} % of requests that are the limits`,
      "100 % is more than a tenth above it",
      full,
      at(percent),
      kept,
    ),
  ),
  bad(REACH, "memory as well", "use ends at the limit", full, at(95, {}, "memory"), kept),
  bad(
    REACH,
    "limits alone",
    "they stand for the requests",
    deployment({ containers: [container({ resources: { limits: { cpu: "1", memory: "1Gi" } } })] }),
    at(95),
    kept,
  ),
  bad(
    REACH,
    "two containers, both full",
    "the sum of limits is the sum of requests",
    deployment({
      containers: [
        container({ resources: { requests: { cpu: "100m" }, limits: { cpu: "0.1" } } }),
        fullSidecar,
      ],
    }),
    at(95),
    kept,
  ),
  ...[undefined, "Always"].map((restartPolicy) => {
    const room = { requests: { cpu: "100m" }, limits: { cpu: "9" } };
    const stack = [
      deployment({
        containers: [fullSidecar],
        initContainers: [container({ name: "setup", resources: room, restartPolicy })],
      }),
      at(95),
      kept,
    ];
    return restartPolicy === undefined
      ? bad(REACH, "an init container with room", "it has ended when the others run", ...stack)
      : good("a sidecar with room", "its use counts", ...stack);
  }),
  good(
    "two containers, one without limit",
    "its use has no ceiling",
    deployment({
      containers: [container({ resources: { requests: { cpu: "100m" } } }), fullSidecar],
    }),
    at(95),
    kept,
  ),
  good(
    "limits a fifth above the requests",
    "120 % is more than a tenth above the target",
    limited({ cpu: "1200m", memory: "1Gi" }),
    at(100),
    kept,
  ),
  bad(
    REACH,
    "limits a tenth above the requests",
    "110 % of 100 % is just within the tolerance",
    limited({ cpu: "1100m", memory: "1Gi" }),
    at(100),
    kept,
  ),
  good("a tolerance of its own", "a hundredth", full, at(95, tolerance("0.01")), kept),
  good("no tolerance", "100 % is above 99 %", full, at(99, tolerance(0)), kept),
  bad(
    REACH,
    "no tolerance, and no room",
    "100 % is not above",
    full,
    at(100, tolerance("0")),
    kept,
  ),
  bad(
    REACH,
    "a wide tolerance",
    "100 % is a quarter above 80 %",
    full,
    at(80, tolerance("0.3")),
    kept,
  ),
  good("an unknown tolerance", "it may be small", full, at(95, tolerance(LATER)), kept),
  good(
    "a tolerance downwards",
    "upwards it stays at a tenth, and 90 % is reached",
    full,
    at(90, { behavior: { scaleDown: { tolerance: "0.3" } } }),
    kept,
  ),
  bad(
    REACH,
    "autoscaling/v1",
    "its one field is a share of CPU",
    full,
    old("v1", { targetCPUUtilizationPercentage: 95 }),
    kept,
  ),
  good(
    "autoscaling/v1 with behavior in an annotation",
    "the tolerance may be there",
    full,
    old(
      "v1",
      { targetCPUUtilizationPercentage: 95 },
      { annotations: { "autoscaling.alpha.kubernetes.io/behavior": "{}" } },
    ),
    kept,
  ),
  bad(REACH, "a cpu trigger", "KEDA makes a share of it", full, cpuTrigger("95"), kept),
  good(
    "a cpu trigger with a tolerance",
    "KEDA hands the behavior on",
    full,
    cpuTrigger("95", { horizontalPodAutoscalerConfig: tolerance("0") }),
    kept,
  ),
  good("a cpu trigger below", "100 % is more than a tenth above it", full, cpuTrigger("90"), kept),

  ...["0.91", "0.95", "1"].map((threshold) =>
    bad(
      REACH,
      `cache use of ${threshold}`,
      "1 is less than a tenth above it",
      deployment(),
      cache(threshold),
      kept,
    ),
  ),
  good(
    "cache use of 0.9",
    "1 is more than a tenth above it",
    deployment(),
    cache("0.9", "avg(vllm:kv_cache_usage_perc)", { metricType: "Value" }),
    kept,
  ),
  bad(
    REACH,
    "a mean divided by the replicas",
    "1 / 0.9 are two replicas of five",
    deployment(),
    cache("0.9"),
    kept,
  ),
  bad(
    REACH,
    "cache use as a value",
    "a mean ends at 1",
    deployment(),
    cache("0.95", "max(vllm:kv_cache_usage_perc)", { metricType: "Value" }),
    kept,
  ),
  bad(
    REACH,
    "cache use over time",
    "a mean over time ends at 1 too",
    deployment(),
    cache("0.95", "avg(avg_over_time(vllm:kv_cache_usage_perc[5m]))"),
    kept,
  ),
  good(
    "cache use as a sum for all pods",
    "it grows with the pods",
    deployment(),
    cache("0.95", "sum(vllm:kv_cache_usage_perc)", { metricType: "Value" }),
    kept,
  ),
  good(
    "how many caches are full",
    "a count has no ceiling",
    deployment(),
    cache("3", "count(vllm:kv_cache_usage_perc > 0.9)"),
    kept,
  ),
  bad(
    REACH,
    "cache use of a pod",
    "1 is the most",
    deployment(),
    podsMetric("kv_cache_usage_perc", "950m"),
    kept,
  ),
  bad(
    REACH,
    "as many running as slots",
    "four of four is not above the target",
    vllm("--max-num-seqs=4"),
    podsMetric("vllm:num_requests_running", "4"),
    kept,
  ),
  good(
    "a share of the slots",
    "the query divides",
    vllm("--max-num-seqs=4"),
    scaled({ triggers: [query("sum(vllm:num_requests_running) / 4 * 100", "80")] }),
    kept,
  ),
];
