import type {
  V2HorizontalPodAutoscaler,
  V2MetricSpec,
  V2MetricStatus,
} from "@kubernetes/client-node";
import { isQuantity, parseQuantity } from "../../domain/quantity";
import type { ScaledObjectState } from "./scaledObjects";
import { signalName } from "./signalNames";

/** One metric of an autoscaler. */
export interface MetricState {
  /** Name of the resource or metric; of one container's, with the container before it. */
  readonly name: string;
  /** `utilization`: percent of the requests, or of a replica's slots; `average`: mean per pod; `value`: the metric as it is. */
  readonly kind: "utilization" | "average" | "value";
  /** What the autoscaler keeps it at. */
  readonly target: number | undefined;
  /** Undefined while it is not known. */
  readonly current: number | undefined;
}

/** A metric with its target, as an operator reads it: `cpu 91/70 %`, `requests in flight 12/3 (avg)`. */
export function metricText({ name, kind, current, target }: MetricState): string {
  const unit = { utilization: " %", average: " (avg)", value: "" }[kind];
  const digits = kind === "utilization" ? 0 : 2;
  const shown = (value: number | undefined) =>
    value === undefined ? "?" : String(Number(value.toFixed(digits)));
  return `${name} ${shown(current)}/${shown(target)}${unit}`;
}

/**
 * Metrics of an autoscaler, each with its target.
 *
 * @param scaledObject what KEDA has made it of
 */
export function metricsOf(
  item: V2HorizontalPodAutoscaler,
  scaledObject?: ScaledObjectState,
): MetricState[] {
  return (item.spec?.metrics ?? []).map((metric) => {
    const target = sourceOf(metric)?.target;
    const current = item.status?.currentMetrics?.find(
      (entry) => entry.type === metric.type && nameOf(entry) === nameOf(metric),
    );
    const now = current === undefined ? undefined : readingOf(current)?.current;
    const signal =
      metric.external === undefined || scaledObject === undefined
        ? { name: nameOf(metric), percent: false }
        : signalName(metric.external.metric.name, scaledObject);
    const { name } = signal;
    switch (target?.type) {
      case "Utilization":
        return {
          name,
          kind: "utilization",
          target: target.averageUtilization,
          current: now?.averageUtilization,
        };
      case "AverageValue":
        return {
          name,
          kind: signal.percent ? "utilization" : "average",
          target: amount(target.averageValue),
          current: amount(now?.averageValue),
        };
      default:
        return { name, kind: "value", target: amount(target?.value), current: amount(now?.value) };
    }
  });
}

function sourceOf(metric: V2MetricSpec) {
  return (
    metric.resource ?? metric.containerResource ?? metric.pods ?? metric.object ?? metric.external
  );
}

function readingOf(metric: V2MetricStatus) {
  return (
    metric.resource ?? metric.containerResource ?? metric.pods ?? metric.object ?? metric.external
  );
}

function nameOf(metric: V2MetricSpec | V2MetricStatus): string {
  const { resource, containerResource, pods, object, external } = metric;
  return containerResource !== undefined
    ? `${containerResource.container}/${containerResource.name}`
    : object !== undefined
      ? `${object.describedObject.name}/${object.metric.name}`
      : (resource?.name ?? (pods ?? external)?.metric.name ?? metric.type);
}

/** A quantity as a number; undefined where there is none, or one in a notation that the platform never writes. */
function amount(quantity: string | undefined): number | undefined {
  return quantity !== undefined && isQuantity(quantity) ? parseQuantity(quantity) : undefined;
}
