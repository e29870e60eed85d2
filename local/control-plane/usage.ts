import { stringify } from "yaml";

/** Annotations that set what a simulated pod uses. */
export const CPU_USAGE = "kwok.x-k8s.io/usage-cpu";
export const MEMORY_USAGE = "kwok.x-k8s.io/usage-memory";

/**
 * What pods report to metrics-server: the annotated value, else a fifth of a core and a quarter of a GiB, an idle
 * gateway or model server within its requests.
 */
export function clusterResourceUsage(): string {
  const usage = (annotation: string, fallback: string) => ({
    expression: `"${annotation}" in pod.metadata.annotations ? Quantity(pod.metadata.annotations["${annotation}"]) : Quantity("${fallback}")`,
  });
  return stringify({
    apiVersion: "kwok.x-k8s.io/v1alpha1",
    kind: "ClusterResourceUsage",
    metadata: { name: "usage-from-annotation" },
    spec: {
      usages: [{ usage: { cpu: usage(CPU_USAGE, "200m"), memory: usage(MEMORY_USAGE, "256Mi") } }],
    },
  });
}

/** The kubelet's resource metrics endpoint, as metrics-server scrapes it, computed from the usage above. */
export function resourceMetrics(): string {
  const identity = [
    { name: "namespace", value: "pod.metadata.namespace" },
    { name: "pod", value: "pod.metadata.name" },
  ];
  const container = [{ name: "container", value: "container.name" }, ...identity];
  const metric = (
    name: string,
    dimension: "node" | "pod" | "container",
    kind: "counter" | "gauge",
    value: string,
    labels?: typeof identity,
  ) => ({ name, dimension, help: name, kind, value, ...(labels === undefined ? {} : { labels }) });
  return stringify({
    apiVersion: "kwok.x-k8s.io/v1alpha1",
    kind: "Metric",
    metadata: { name: "metrics-resource" },
    spec: {
      path: "/metrics/nodes/{nodeName}/metrics/resource",
      metrics: [
        metric("scrape_error", "node", "gauge", "0"),
        metric(
          "container_start_time_seconds",
          "container",
          "gauge",
          "pod.SinceSecond()",
          container,
        ),
        metric(
          "container_cpu_usage_seconds_total",
          "container",
          "counter",
          'pod.CumulativeUsage("cpu", container.name)',
          container,
        ),
        metric(
          "container_memory_working_set_bytes",
          "container",
          "gauge",
          'pod.Usage("memory", container.name)',
          container,
        ),
        metric(
          "pod_cpu_usage_seconds_total",
          "pod",
          "counter",
          'pod.CumulativeUsage("cpu")',
          identity,
        ),
        metric("pod_memory_working_set_bytes", "pod", "gauge", 'pod.Usage("memory")', identity),
        metric("node_cpu_usage_seconds_total", "node", "counter", 'node.CumulativeUsage("cpu")'),
        metric("node_memory_working_set_bytes", "node", "gauge", 'node.Usage("memory")'),
      ],
    },
  });
}
