import { quantity } from "../resources/quantities";
import { at, isAbsent, isTree, textOf, UNKNOWN, type Value } from "../resources/values";
import { seriesOf } from "./promql";
import { formulaProblems, hasFormula, utilizationProblems } from "./scalingModifiers";
import { triggersOf } from "./triggers";

/** What KEDA refuses in the triggers of a ScaledObject, or cannot make a metric of. */
export function triggerProblems(spec: Value, patch: boolean): string[] {
  const triggers = triggersOf(spec);
  if (!patch && isTree(spec) && at(spec, "triggers") !== UNKNOWN && triggers.length === 0) {
    return ["spec.triggers is empty; write at least one trigger"];
  }
  const names = new Set<string>();
  const own = triggers.flatMap(({ trigger, what }) => {
    const problems: string[] = [];
    const name = at(trigger, "name");
    if (typeof name === "string" && name !== "") {
      if (names.has(name)) {
        problems.push(`${what}.name ${name} is taken by another trigger; write another name`);
      }
      names.add(name);
    }
    return [...problems, ...oneTrigger(trigger, what, hasFormula(spec))];
  });
  // A patch shows a part of the triggers.
  return [...own, ...(patch ? [] : formulaProblems(spec))];
}

/** @param inFormula whether the target stands beside a formula of the triggers */
function oneTrigger(trigger: Value, what: string, inFormula: boolean): string[] {
  const type = at(trigger, "type");
  if (type === undefined || type === null || type === "") {
    return [`${what} has no type; write one, such as prometheus`];
  }
  const metadata = at(trigger, "metadata");
  if (metadata === UNKNOWN) {
    return [];
  }
  if (type === "cpu" || type === "memory") {
    return resourceProblems(type, trigger, `${what}.metadata.value`, what);
  }
  if (type === "cron") {
    return cronProblems(metadata, what);
  }
  if (type === "metrics-api") {
    return metricsApiProblems(metadata, trigger, what, inFormula);
  }
  return type === "prometheus" ? prometheusProblems(metadata, trigger, what) : [];
}

/** Source: kedacore/keda v2.20.2, pkg/scalers/metrics_api_scaler.go. */
const AGGREGATIONS = ["average", "sum", "max", "min"];

function metricsApiProblems(
  metadata: Value,
  trigger: Value,
  what: string,
  inFormula: boolean,
): string[] {
  const target = at(metadata, "targetValue");
  const aggregation = at(metadata, "aggregationType");
  const demanded = ["url", "valueLocation", ...(inFormula ? [] : ["targetValue"])];
  return [
    ...missingSettings(metadata, demanded, what),
    ...(isAbsent(target) || target === UNKNOWN || Number(textOf(target)) > 0
      ? []
      : [`${what}.metadata.targetValue is no number above 0; write one`]),
    ...(isAbsent(aggregation) ||
    aggregation === UNKNOWN ||
    AGGREGATIONS.includes(textOf(aggregation))
      ? []
      : [
          `${what}.metadata.aggregationType ${textOf(aggregation)} is none that KEDA knows; write one of ${AGGREGATIONS.join(", ")}`,
        ]),
    ...utilizationProblems(trigger, what),
  ];
}

function missingSettings(metadata: Value, demanded: readonly string[], what: string): string[] {
  return demanded
    .filter((name) => isAbsent(at(metadata, name)))
    .map((name) => `${what}.metadata.${name} is missing; KEDA demands it: write it`);
}

/** Settings that KEDA's cron scaler demands: its cronMetadata has no optional one. */
const CRON = ["start", "end", "timezone", "desiredReplicas"];
/** Minute, hour, day, month, weekday; a time zone of its own may stand before them. */
const SCHEDULE = /^\s*(?:(?:CRON_)?TZ=\S+\s+)?\S+(?:\s+\S+){4}\s*$/;

function cronProblems(metadata: Value, what: string): string[] {
  const [start, end, replicas] = ["start", "end", "desiredReplicas"].map((name) =>
    at(metadata, name),
  );
  const schedules = ["start", "end"].filter((name) => {
    const text = at(metadata, name);
    return typeof text === "string" && text !== "" && !SCHEDULE.test(text);
  });
  const known = !isAbsent(replicas) && replicas !== UNKNOWN;
  return [
    ...missingSettings(metadata, CRON, what),
    ...schedules.map(
      (name) => `${what}.metadata.${name} is no schedule of five fields; write one, as 0 8 * * 1-5`,
    ),
    ...(typeof start === "string" && start !== "" && start === end
      ? [`${what}.metadata.start and end are the same; write when it ends`]
      : []),
    ...(known && !/^[1-9]\d*$/.test(textOf(replicas))
      ? [`${what}.metadata.desiredReplicas is no whole number above 0; write one`]
      : []),
  ];
}

function resourceProblems(type: string, trigger: Value, place: string, what: string): string[] {
  const metricType = at(trigger, "metricType");
  const value = at(trigger, "metadata", "value");
  const problems =
    metricType === "Value"
      ? [`${what}.metricType Value is not for ${type}; write Utilization or AverageValue`]
      : [];
  if (isAbsent(value)) {
    return [...problems, `${place} is missing; write the ${type} utilization in percent`];
  }
  const number = quantity(value);
  const kind = metricType ?? at(trigger, "metadata", "type") ?? "Utilization";
  if (value !== UNKNOWN && (number === undefined || number <= 0)) {
    return [...problems, `${place} is no quantity above 0; write one`];
  }
  return value !== UNKNOWN && kind === "Utilization" && !/^\d+$/.test(textOf(value))
    ? [...problems, `${place} is no whole number of percent; write one, such as 70`]
    : problems;
}

/** Settings that KEDA's scaler demands. */
const DEMANDED = ["serverAddress", "query", "threshold"];

function prometheusProblems(metadata: Value, trigger: Value, what: string): string[] {
  const threshold = at(metadata, "threshold");
  const number = typeof threshold === "string" ? Number(threshold) : threshold;
  const query = at(metadata, "query");
  return [
    ...missingSettings(metadata, DEMANDED, what),
    ...(isAbsent(threshold) || threshold === UNKNOWN || Number(textOf(number)) > 0
      ? []
      : [`${what}.metadata.threshold is no number above 0; write one`]),
    ...utilizationProblems(trigger, what),
    ...(typeof query === "string" && seriesOf(query) === "many"
      ? [
          `${what}.metadata.query returns one series a pod, and KEDA takes a single one only; aggregate it, as in sum(...)`,
        ]
      : []),
  ];
}

/** Queries of which the text alone does not tell how many series they return. */
export function unsureQueries(spec: Value): string[] {
  return triggersOf(spec).flatMap(({ trigger, what }) => {
    const query = at(trigger, "metadata", "query");
    return at(trigger, "type") === "prometheus" &&
      typeof query === "string" &&
      seriesOf(query) === "perhaps"
      ? [
          `${what}.metadata.query may return more than one series, and KEDA takes a single one only; aggregate it, as in sum(...)`,
        ]
      : [];
  });
}
