import {
  AppsV1Api,
  AutoscalingV2Api,
  CoreV1Api,
  type KubeConfig,
  type V1Pod,
  type V2HorizontalPodAutoscaler,
} from "@kubernetes/client-node";
import { NAME_LABEL } from "../../domain/labels";
import { metricsOf, type MetricState } from "./metricState";
import { isReady } from "./pods";
import { holds, scaledObjects, type ScaledObjectState } from "./scaledObjects";
import { triggerName } from "./signalNames";

/** A workload that is scaled, and its autoscaler. */
export interface WorkloadState {
  /** Name of the Deployment or StatefulSet. */
  readonly name: string;
  readonly kind: string;
  readonly namespace: string;
  /** Name of its HorizontalPodAutoscaler. */
  readonly autoscaler: string;
  /** 0 where it may sleep. */
  readonly minimum: number;
  readonly maximum: number;
  /** Pods that the autoscaler wants. */
  readonly wanted: number;
  /** Pods that are ready and not on their way out. */
  readonly ready: number;
  /**
   * `asleep`: without a replica, for nobody asks for it; `waking`: somebody has asked, and no replica is ready yet; `paused`: nobody scales it, by an
   * annotation. Undefined otherwise.
   */
  readonly phase: "asleep" | "waking" | "paused" | undefined;
  readonly metrics: readonly MetricState[];
  /** Why it does not scale, or is held back; empty when it is free. */
  readonly limits: readonly string[];
}

/** What is to be said of a workload beside its numbers: `asleep`, `ScalingLimited: TooManyReplicas`. */
export function stateText({ phase, limits }: Pick<WorkloadState, "limits" | "phase">): string {
  return [...(phase === undefined ? [] : [phase]), ...limits].join(", ");
}

/** The autoscaled workloads of some namespaces as they are now, by name. */
export async function workloads(
  config: KubeConfig,
  namespaces: readonly string[],
): Promise<WorkloadState[]> {
  const core = config.makeApiClient(CoreV1Api);
  const autoscaling = config.makeApiClient(AutoscalingV2Api);
  const found = await Promise.all(
    [...new Set(namespaces)].map(async (namespace) => {
      const [autoscalers, pods, scaled] = await Promise.all([
        autoscaling.listNamespacedHorizontalPodAutoscaler({ namespace }),
        core.listNamespacedPod({ namespace }),
        scaledObjects(config, namespace),
      ]);
      const replicas = await replicasOf(config, namespace, scaled);
      const byKeda = new Map(scaled.map((each) => [each.autoscaler, each]));
      const ready = (name: string) =>
        pods.items.filter((pod) => isOf(name, pod) && isReady(pod)).length;
      return [
        ...autoscalers.items.map((item) => {
          const one = byKeda.get(item.metadata?.name ?? "");
          return one === undefined
            ? stateOf(item, namespace, ready)
            : scaledState(one, item, { replicas, ready });
        }),
        ...scaled
          .filter(
            ({ autoscaler }) =>
              !autoscalers.items.some(({ metadata }) => metadata?.name === autoscaler),
          )
          .map((one) => scaledState(one, undefined, { replicas, ready })),
      ];
    }),
  );
  return found.flat();
}

/** The workload of an autoscaler of its own. */
function stateOf(
  item: V2HorizontalPodAutoscaler,
  namespace: string,
  ready: (name: string) => number,
): WorkloadState {
  const { name, kind } = item.spec?.scaleTargetRef ?? { name: "", kind: "" };
  return {
    name,
    kind,
    namespace,
    autoscaler: item.metadata?.name ?? "",
    minimum: item.spec?.minReplicas ?? 1,
    maximum: item.spec?.maxReplicas ?? 0,
    wanted: item.status?.desiredReplicas ?? 0,
    ready: ready(name),
    phase: undefined,
    metrics: metricsOf(item),
    limits: limitsOf(item),
  };
}

/**
 * The workload of a ScaledObject.
 *
 * @param item what KEDA has made of it; undefined before that, and while it is paused
 */
function scaledState(
  scaled: ScaledObjectState,
  item: V2HorizontalPodAutoscaler | undefined,
  pods: {
    readonly replicas: ReadonlyMap<string, number>;
    readonly ready: (name: string) => number;
  },
): WorkloadState {
  const { target, minimum } = scaled;
  // KEDA itself goes from none to one and back, and the autoscaler hears of it later.
  const wanted = pods.replicas.get(keyOf(target)) ?? item?.status?.desiredReplicas ?? 0;
  const ready = pods.ready(target.name);
  const phase = isStopped(scaled)
    ? "paused"
    : minimum > 0
      ? undefined
      : wanted === 0
        ? "asleep"
        : ready === 0
          ? "waking"
          : undefined;
  return {
    ...target,
    namespace: scaled.namespace,
    autoscaler: scaled.autoscaler,
    minimum,
    maximum: scaled.maximum,
    wanted,
    ready,
    phase,
    metrics: item === undefined ? [] : metricsOf(item, scaled),
    limits: [
      // Without a replica an autoscaler says that it is disabled, and shows what held before.
      ...(item === undefined || phase === "asleep" ? [] : limitsOf(item)),
      ...kedaLimits(scaled, item),
    ],
  };
}

/** Whether KEDA has given its target up by an annotation, and the autoscaler with it. */
export function isStopped({ pauses }: Pick<ScaledObjectState, "pauses">): boolean {
  return pauses.some(({ annotation }) => !annotation.includes("-scale-"));
}

function kedaLimits(
  scaled: ScaledObjectState,
  item: V2HorizontalPodAutoscaler | undefined,
): string[] {
  const { conditions, pauses, triggers } = scaled;
  const failing = triggers.filter(({ failures }) => failures > 0).map(triggerName);
  const ready = conditions.Ready;
  return [
    ...pauses
      .filter(({ annotation }) => annotation.includes("-scale-"))
      .map(({ annotation }) => `paused one way (${annotation})`),
    ...(holds(scaled, "Fallback")
      ? [`fallback in force: no reading of ${failing.join(", ") || "a trigger"}`]
      : []),
    ...(isStopped(scaled)
      ? []
      : ready === undefined || item === undefined
        ? ["KEDA has made no autoscaler of it yet"]
        : ready.status === "True"
          ? []
          : [`KEDA: ${ready.reason || "no reason"}`]),
  ];
}

/** Replicas that the targets of ScaledObjects are to have, by {@link keyOf}. */
async function replicasOf(
  config: KubeConfig,
  namespace: string,
  scaled: readonly ScaledObjectState[],
): Promise<ReadonlyMap<string, number>> {
  if (scaled.length === 0) {
    return new Map();
  }
  const apps = config.makeApiClient(AppsV1Api);
  const [deployments, statefulSets] = await Promise.all([
    apps.listNamespacedDeployment({ namespace }),
    apps.listNamespacedStatefulSet({ namespace }),
  ]);
  return new Map(
    [
      ...deployments.items.map((item) => ({ kind: "Deployment", item })),
      ...statefulSets.items.map((item) => ({ kind: "StatefulSet", item })),
    ].map(({ kind, item }) => [
      keyOf({ kind, name: item.metadata?.name ?? "" }),
      item.spec?.replicas ?? 1,
    ]),
  );
}

function keyOf({ kind, name }: { readonly kind: string; readonly name: string }): string {
  return `${kind}/${name}`;
}

function isOf(workload: string, { metadata }: V1Pod): boolean {
  return metadata?.labels?.[NAME_LABEL] === workload && metadata.deletionTimestamp === undefined;
}

function limitsOf({ status }: V2HorizontalPodAutoscaler): string[] {
  return (status?.conditions ?? [])
    .filter(({ type, status: is }) => (is === "True") === (type === "ScalingLimited"))
    .map(({ type, reason }) => `${type}: ${reason ?? "no reason"}`);
}
