import { at, items, UNKNOWN, type Value } from "../resources/values";
import { percentOf, type Need } from "./metrics";

/** The triggers of a ScaledObject or ScaledJob, with where each stands. */
export function triggersOf(
  spec: Value,
): readonly { readonly trigger: Value; readonly what: string }[] {
  const triggers = at(spec, "triggers");
  return items(triggers).map((trigger, index) => ({
    trigger,
    what: `spec.triggers[${index}]`,
  }));
}

/** What the cpu and memory triggers of a ScaledObject need: KEDA makes Resource and ContainerResource metrics from them. */
export function triggerNeeds(spec: Value): readonly Need[] {
  if (spec === UNKNOWN || at(spec, "triggers") === UNKNOWN) {
    return [{ state: "unknown", what: spec === UNKNOWN ? "spec" : "spec.triggers" }];
  }
  return triggersOf(spec).flatMap(({ trigger, what }): Need[] => {
    const type = at(trigger, "type");
    if (trigger === UNKNOWN || type === UNKNOWN) {
      return [{ state: "unknown", what }];
    }
    if (type !== "cpu" && type !== "memory") {
      return [];
    }
    const metadata = at(trigger, "metadata");
    const metricType = at(trigger, "metricType") ?? at(metadata, "type") ?? "Utilization";
    if (metricType === "AverageValue") {
      return [];
    }
    const container = at(metadata, "containerName");
    if (container === UNKNOWN) {
      return [{ state: "unknown", what }];
    }
    const value = at(metadata, "value");
    const request = {
      resource: type,
      ...(typeof container === "string" && container !== "" ? { container } : {}),
      ...percentOf(typeof value === "string" ? Number(value) : value),
    };
    return metricType === UNKNOWN
      ? [{ state: "unknown", what, request }]
      : [{ state: "request", request }];
  });
}
