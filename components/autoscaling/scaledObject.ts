import type { types } from "@pulumi/kubernetes";
import { seriesSelector } from "../../domain/series";

/** A time of day that asks for replicas. */
interface CronTrigger {
  readonly type: "cron";
  readonly name: string;
  readonly metadata: {
    readonly timezone: string;
    readonly start: string;
    readonly end: string;
    readonly desiredReplicas: string;
  };
}

/** Use of a resource, as a HorizontalPodAutoscaler measures it itself. */
interface ResourceTrigger {
  readonly type: "cpu" | "memory";
  readonly metricType: "Utilization" | "AverageValue";
  readonly metadata: { readonly value: string; readonly containerName?: string };
}

/** A gauge of every ready pod behind a Service. */
interface MetricsTrigger {
  readonly type: "metrics-api";
  readonly name: string;
  readonly metricType: "AverageValue";
  readonly metadata: {
    readonly url: string;
    readonly format: "prometheus";
    /** PromQL selector of one series of each pod. */
    readonly valueLocation: string;
    readonly targetValue: string;
    readonly aggregateFromKubeServiceEndpoints: "true";
    readonly aggregationType: "sum" | "max";
  };
}

/** What a ScaledObject watches. */
export type Trigger = CronTrigger | MetricsTrigger | ResourceTrigger;

/** `spec` of a ScaledObject, `keda.sh/v1alpha1`, as far as this platform writes it. Source: the schema of KEDA 2.20.2. */
export interface ScaledObjectSpec {
  /** The workload that is scaled. */
  readonly scaleTargetRef: {
    readonly apiVersion: string;
    readonly kind: string;
    readonly name: string;
  };
  /** Least replicas, pods; with 0 the target sleeps while nothing asks for it. */
  readonly minReplicaCount: number;
  /** Most replicas, pods. */
  readonly maxReplicaCount: number;
  /** Seconds; counts where the target may be asleep alone. */
  readonly pollingInterval?: number;
  /** Seconds until the target falls asleep. */
  readonly cooldownPeriod?: number;
  /** Seconds after its creation before which it does not fall asleep. */
  readonly initialCooldownPeriod?: number;
  /** What holds while a trigger fails: KEDA takes it only with a whole number as the target of the formula. */
  readonly fallback: {
    readonly failureThreshold: number;
    readonly replicas: number;
    readonly behavior: "static" | "currentReplicas" | "currentReplicasIfHigher";
  };
  /** The HorizontalPodAutoscaler that KEDA makes, and what it is fed with. */
  readonly advanced: {
    readonly restoreToOriginalReplicaCount: boolean;
    readonly horizontalPodAutoscalerConfig: {
      readonly name: string;
      readonly behavior: types.input.autoscaling.v2.HorizontalPodAutoscalerBehavior;
    };
    readonly scalingModifiers?: {
      readonly formula: string;
      readonly target: string;
      readonly metricType: "AverageValue";
    };
  };
  /** What is watched: without a formula, what asks for most replicas counts. */
  readonly triggers: readonly Trigger[];
}

/** Where a gauge is read. */
export interface Gauge {
  /** Name of the trigger: a variable of the formula. */
  readonly name: string;
  /** Service whose ready pods are read. */
  readonly service: string;
  /** Namespace of the Service. */
  readonly namespace: string;
  /** Port of its pods. */
  readonly port: number;
  /** Name of the metric. */
  readonly metric: string;
  /** Labels of the one series of each pod. @default none */
  readonly labels?: Readonly<Record<string, string>>;
  /** What the pods' values give together. @default sum */
  readonly aggregation?: "sum" | "max";
  /** Mean value of a pod of the target that is to be kept; with a formula its target counts. @default 1 */
  readonly target?: number;
}

/** The trigger that reads a gauge. */
export function gaugeTrigger({
  name,
  service,
  namespace,
  port,
  metric,
  labels = {},
  aggregation = "sum",
  target = 1,
}: Gauge): MetricsTrigger {
  return {
    type: "metrics-api",
    name,
    metricType: "AverageValue",
    metadata: {
      url: `http://${service}.${namespace}.svc.cluster.local:${port}/metrics`,
      format: "prometheus",
      valueLocation: seriesSelector(metric, labels),
      targetValue: String(target),
      aggregateFromKubeServiceEndpoints: "true",
      aggregationType: aggregation,
    },
  };
}
