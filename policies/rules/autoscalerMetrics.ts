import { isAutoscaler } from "../autoscaling/autoscaler";
import { triggersOf } from "../autoscaling/triggers";
import { isManySeries } from "../autoscaling/promql";
import { rule } from "../factory/rule";
import { at, isTree, items, textOf, UNKNOWN, type Value } from "../resources/values";

/** Metrics that the API server or KEDA refuses, or that nothing ever reports. */
export const autoscalerMetrics = rule({
  name: "autoscaler-metrics",
  description: "The metrics of an autoscaler are ones that Kubernetes and KEDA can read.",
  severity: "high",
  tags: ["kubernetes", "autoscaling", "keda"],
  remediationSteps: "Mend the metric or trigger that the message names.",
  url: "https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/horizontal-pod-autoscaler-v2/",
  resource: (resource, _settings, report) => {
    for (const object of resource.objects.filter(isAutoscaler)) {
      const spec = at(object.props, "spec");
      const problems =
        object.kubernetes.kind === "ScaledObject"
          ? triggerProblems(spec, object.kubernetes.patch)
          : metricProblems(at(spec, "metrics"));
      for (const problem of problems) {
        report(`${object.name}: ${problem}`);
      }
    }
  },
});

const SOURCES: Readonly<Record<string, string>> = {
  Resource: "resource",
  ContainerResource: "containerResource",
  Pods: "pods",
  Object: "object",
  External: "external",
};

/** What metrics-server measures. */
const MEASURED: readonly Value[] = ["cpu", "memory"];

function metricProblems(metrics: Value): string[] {
  return items(metrics).flatMap((metric, index) => {
    const what = `spec.metrics[${index}]`;
    const type = metric === UNKNOWN ? UNKNOWN : at(metric, "type");
    if (type === UNKNOWN) {
      return [];
    }
    const field =
      typeof type === "string" && Object.hasOwn(SOURCES, type) ? SOURCES[type] : undefined;
    if (field === undefined) {
      return [`${what}.type is none of ${Object.keys(SOURCES).join(", ")}`];
    }
    const source = at(metric, field);
    if (source === undefined || source === null) {
      return [`${what} is of type ${textOf(type)} but has no ${field}; write it`];
    }
    return field === "resource" || field === "containerResource"
      ? resourceProblems(source, `${what}.${field}`, field)
      : [];
  });
}

function resourceProblems(source: Value, what: string, field: string): string[] {
  const problems: string[] = [];
  const name = at(source, "name");
  const container = at(source, "container");
  if (name !== UNKNOWN && !MEASURED.includes(name)) {
    problems.push(
      `${what}.name is ${textOf(name)}, which metrics-server does not measure; write cpu or memory, or use a Pods or External metric`,
    );
  }
  if (field === "containerResource" && (container === undefined || container === "")) {
    problems.push(`${what} names no container; write container`);
  }
  const percent =
    at(source, "target", "averageUtilization") ?? at(source, "targetAverageUtilization");
  if (typeof percent === "number" && percent < 1) {
    problems.push(`${what}: averageUtilization is ${percent}; write a percentage above 0`);
  }
  return problems;
}

function triggerProblems(spec: Value, patch: boolean): string[] {
  const triggers = triggersOf(spec);
  if (!patch && isTree(spec) && at(spec, "triggers") !== UNKNOWN && triggers.length === 0) {
    return ["spec.triggers is empty; write at least one trigger"];
  }
  const names = new Set<string>();
  return triggers.flatMap(({ trigger, what }) => {
    const problems: string[] = [];
    const name = at(trigger, "name");
    if (typeof name === "string" && name !== "") {
      if (names.has(name)) {
        problems.push(`${what}.name ${name} is taken by another trigger; write another name`);
      }
      names.add(name);
    }
    return [...problems, ...oneTrigger(trigger, what)];
  });
}

function oneTrigger(trigger: Value, what: string): string[] {
  const type = at(trigger, "type");
  if (type === undefined || type === null || type === "") {
    return [`${what} has no type; write one, such as prometheus`];
  }
  const metadata = at(trigger, "metadata");
  if (type === "cpu" || type === "memory") {
    const metricType = at(trigger, "metricType");
    const value = at(metadata, "value");
    return [
      ...(metricType === "Value"
        ? [`${what}.metricType Value is not for ${type}; write Utilization or AverageValue`]
        : []),
      ...(metadata !== UNKNOWN && (value === undefined || value === null || value === "")
        ? [`${what}.metadata.value is missing; write the ${type} utilization in percent`]
        : []),
    ];
  }
  const query = at(metadata, "query");
  return type === "prometheus" && typeof query === "string" && isManySeries(query)
    ? [
        `${what}.metadata.query returns one series a pod, and KEDA takes a single one only; aggregate it, as in sum(...)`,
      ]
    : [];
}
