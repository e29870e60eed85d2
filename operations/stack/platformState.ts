import {
  AutoscalingV2Api,
  CoreV1Api,
  type KubeConfig,
  type V2HorizontalPodAutoscaler,
  type V2MetricSpec,
  type V2MetricStatus,
} from "@kubernetes/client-node";
import { NAME_LABEL } from "../../domain/labels";
import { isQuantity, parseQuantity } from "../../domain/quantity";
import { isReady } from "./pods";

/** One metric of an autoscaler. */
export interface MetricState {
  /** Name of the resource or metric; of one container's, with the container before it. */
  readonly name: string;
  /** `utilization`: percent of the requests; `average`: mean per pod; `value`: the metric as it is. */
  readonly kind: "utilization" | "average" | "value";
  /** What the autoscaler keeps it at. */
  readonly target: number | undefined;
  /** Undefined while it is not known. */
  readonly current: number | undefined;
}

/** A metric with its target, as an operator reads it: `cpu 91/70 %`, `queue_length 12/3 (avg)`. */
export function metricText({ name, kind, current, target }: MetricState): string {
  const unit = { utilization: " %", average: " (avg)", value: "" }[kind];
  return `${name} ${current ?? "?"}/${target ?? "?"}${unit}`;
}

/** A workload that is scaled, and its autoscaler. */
export interface WorkloadState {
  /** Name of the Deployment or StatefulSet. */
  readonly name: string;
  readonly namespace: string;
  readonly minimum: number;
  readonly maximum: number;
  /** Pods that the autoscaler wants. */
  readonly wanted: number;
  /** Pods that are ready and not on their way out. */
  readonly ready: number;
  readonly metrics: readonly MetricState[];
  /** Why it does not scale, or is held back; empty when it is free. */
  readonly limits: readonly string[];
}

/** The autoscaled workloads of some namespaces as they are now, by name. */
export async function workloads(
  config: KubeConfig,
  namespaces: readonly string[],
): Promise<WorkloadState[]> {
  const core = config.makeApiClient(CoreV1Api);
  const autoscaling = config.makeApiClient(AutoscalingV2Api);
  const found = await Promise.all(
    namespaces.map(async (namespace) => {
      const [autoscalers, pods] = await Promise.all([
        autoscaling.listNamespacedHorizontalPodAutoscaler({ namespace }),
        core.listNamespacedPod({ namespace }),
      ]);
      return autoscalers.items.map((item): WorkloadState => {
        const { name } = item.spec?.scaleTargetRef ?? { name: "" };
        const own = pods.items.filter(
          (pod) =>
            pod.metadata?.labels?.[NAME_LABEL] === name &&
            pod.metadata.deletionTimestamp === undefined,
        );
        return {
          name,
          namespace,
          minimum: item.spec?.minReplicas ?? 1,
          maximum: item.spec?.maxReplicas ?? 0,
          wanted: item.status?.desiredReplicas ?? 0,
          ready: own.filter(isReady).length,
          metrics: metricsOf(item),
          limits: limitsOf(item),
        };
      });
    }),
  );
  return found.flat();
}

/** Metrics of an autoscaler, each with its target. */
export function metricsOf(item: V2HorizontalPodAutoscaler): MetricState[] {
  return (item.spec?.metrics ?? []).map((metric) => {
    const target = sourceOf(metric)?.target;
    const current = item.status?.currentMetrics?.find(
      (entry) => entry.type === metric.type && nameOf(entry) === nameOf(metric),
    );
    const now = current === undefined ? undefined : readingOf(current)?.current;
    const name = nameOf(metric);
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
          kind: "average",
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

function limitsOf({ status }: V2HorizontalPodAutoscaler): string[] {
  return (status?.conditions ?? [])
    .filter(({ type, status: holds }) => (holds === "True") === (type === "ScalingLimited"))
    .map(({ type, reason }) => `${type}: ${reason ?? "no reason"}`);
}
