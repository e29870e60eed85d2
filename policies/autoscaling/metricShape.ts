import { quantity } from "../resources/quantities";
import { at, isAbsent, isList, isTree, textOf, UNKNOWN, type Value } from "../resources/values";

/** What a metric is called and where its settings stand. */
const SOURCES: ReadonlyMap<string, string> = new Map([
  ["Resource", "resource"],
  ["ContainerResource", "containerResource"],
  ["Pods", "pods"],
  ["Object", "object"],
  ["External", "external"],
]);

/** What metrics-server measures. */
const MEASURED: readonly Value[] = ["cpu", "memory"];

/**
 * What the API server refuses in the metrics of a HorizontalPodAutoscaler, as its validateMetrics does, and resources that nothing
 * measures. Unknown values are no mistake.
 */
export function metricProblems(spec: Value, version: string): string[] {
  const metrics = at(spec, "metrics");
  if (metrics === undefined || metrics === null || metrics === UNKNOWN) {
    return version === "v1" ? percentProblems(spec) : [];
  }
  if (!isList(metrics)) {
    return ["spec.metrics is no list; write one"];
  }
  return metrics.flatMap((metric, index) => oneMetric(metric, `spec.metrics[${index}]`, version));
}

function percentProblems(spec: Value): string[] {
  const percent = at(spec, "targetCPUUtilizationPercentage");
  return typeof percent === "number" && percent < 1
    ? [`spec.targetCPUUtilizationPercentage is ${percent}; write a percentage above 0`]
    : [];
}

function oneMetric(metric: Value, what: string, version: string): string[] {
  const type = at(metric, "type");
  if (metric === UNKNOWN || type === UNKNOWN) {
    return [];
  }
  const field = typeof type === "string" ? SOURCES.get(type) : undefined;
  if (field === undefined) {
    return [`${what}.type is none of ${[...SOURCES.keys()].join(", ")}; write one of them`];
  }
  const others = [...SOURCES.values()].filter(
    (other) => other !== field && isTree(at(metric, other)),
  );
  const source = at(metric, field);
  if (source === UNKNOWN) {
    return [];
  }
  if (!isTree(source)) {
    return [`${what} is of type ${textOf(type)} but has no ${field}; write it`];
  }
  return [
    ...others.map((other) => `${what} is of type ${textOf(type)}; leave ${other} out`),
    ...nameProblems(source, `${what}.${field}`, field, version),
    ...targetProblems(source, `${what}.${field}`, field, version === "v2beta1"),
  ];
}

function nameProblems(source: Value, what: string, field: string, version: string): string[] {
  if (field !== "resource" && field !== "containerResource") {
    const path = version === "v2beta1" ? ["metricName"] : ["metric", "name"];
    return isAbsent(at(source, ...path))
      ? [`${what} names no metric; write ${path.join(".")}`]
      : [];
  }
  const name = at(source, "name");
  const unmeasured =
    name === UNKNOWN || MEASURED.includes(name)
      ? []
      : [
          `${what}.name is ${textOf(name)}, which metrics-server does not measure; write cpu or memory, or use a Pods or External metric`,
        ];
  return field === "containerResource" && isAbsent(at(source, "container"))
    ? [...unmeasured, `${what} names no container; write container`]
    : unmeasured;
}

/** The fields of each source's target, those beside its name in autoscaling/v2beta1, and whether two may be set at once. */
interface TargetFields {
  readonly fields: readonly string[];
  readonly flat: readonly string[];
  readonly both: boolean;
}

const SHARE: TargetFields = {
  fields: ["averageUtilization", "averageValue"],
  flat: ["targetAverageUtilization", "targetAverageValue"],
  both: false,
};
const TARGETS: ReadonlyMap<string, TargetFields> = new Map([
  ["resource", SHARE],
  ["containerResource", SHARE],
  ["pods", { fields: ["averageValue"], flat: ["targetAverageValue"], both: false }],
  [
    "object",
    { fields: ["value", "averageValue"], flat: ["targetValue", "averageValue"], both: true },
  ],
  [
    "external",
    { fields: ["value", "averageValue"], flat: ["targetValue", "targetAverageValue"], both: false },
  ],
]);
const TYPES: readonly Value[] = ["Utilization", "Value", "AverageValue"];

function targetProblems(source: Value, what: string, field: string, flat: boolean): string[] {
  const target = flat ? source : at(source, "target");
  const fields = TARGETS.get(field);
  if (target === UNKNOWN || fields === undefined) {
    return [];
  }
  const place = flat ? what : `${what}.target`;
  if (!isTree(target)) {
    return [`${what} has no target; write one`];
  }
  const names = flat ? fields.flat : fields.fields;
  const given = names.filter((name) => !isAbsent(at(target, name)));
  const certain = given.filter((name) => at(target, name) !== UNKNOWN);
  return [
    ...names.flatMap((name) => amountProblems(at(target, name), `${place}.${name}`)),
    ...(given.length === 0
      ? [`${place} sets nothing to scale on; write ${names.join(" or ")}`]
      : []),
    ...(certain.length > 1 && !fields.both
      ? [`${place} sets both ${certain.join(" and ")}; leave one out`]
      : []),
    ...(flat ? [] : typeProblems(at(target, "type"), place, field === "object" ? given : [])),
  ];
}

/** @param decided fields among which the controller takes the one that the type names, and no other */
function typeProblems(type: Value, place: string, decided: readonly string[]): string[] {
  if (type === UNKNOWN) {
    return [];
  }
  if (!TYPES.includes(type)) {
    return [`${place}.type is none of ${TYPES.map(textOf).join(", ")}; write one of them`];
  }
  const wanted = type === "Value" ? "value" : "averageValue";
  return decided.length > 0 && (type === "Utilization" || !decided.includes(wanted))
    ? [`${place}.type is ${textOf(type)}, but ${wanted} is not set; make them agree`]
    : [];
}

function amountProblems(value: Value, what: string): string[] {
  if (isAbsent(value) || value === UNKNOWN) {
    return [];
  }
  const number = quantity(value);
  if (number === undefined) {
    return [`${what} is no quantity; write one`];
  }
  if (number <= 0) {
    return [`${what} is ${textOf(value)}; write more than 0`];
  }
  return what.endsWith("Utilization") && !(typeof value === "number" && Number.isInteger(value))
    ? [`${what} is no whole number; write the percentage alone`]
    : [];
}
