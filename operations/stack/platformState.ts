import {
  AutoscalingV2Api,
  CoreV1Api,
  type KubeConfig,
  type V2HorizontalPodAutoscaler,
} from "@kubernetes/client-node";
import { NAME_LABEL } from "../../domain/labels";
import { isReady } from "./pods";

/** One metric of an autoscaler, in percent of what its pods request. */
export interface MetricState {
  readonly name: string;
  readonly target: number | undefined;
  /** Undefined while it is not known. */
  readonly current: number | undefined;
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
  return (item.spec?.metrics ?? []).map((metric) => ({
    name: metric.resource?.name ?? metric.type,
    target: metric.resource?.target.averageUtilization,
    current: item.status?.currentMetrics?.find(
      (entry) => entry.resource?.name === metric.resource?.name,
    )?.resource?.current.averageUtilization,
  }));
}

function limitsOf({ status }: V2HorizontalPodAutoscaler): string[] {
  return (status?.conditions ?? [])
    .filter(({ type, status: holds }) => (holds === "True") === (type === "ScalingLimited"))
    .map(({ type, reason }) => `${type}: ${reason ?? "no reason"}`);
}
