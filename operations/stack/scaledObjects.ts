import { ApiException, CustomObjectsApi, type KubeConfig } from "@kubernetes/client-node";
import { z } from "zod";
import { SCALED_OBJECTS } from "../../domain/keda";

/** The metric that KEDA makes of a formula. Source: KEDA 2.20.2, apis/keda/v1alpha1/scaledobject_types.go. */
export const FORMULA_METRIC = "composite-metric";

/** Label by which KEDA knows whose metric is asked for. */
export const SCALED_OBJECT_LABEL = "scaledobject.keda.sh/name";

/** Annotations that stop KEDA, wholly or one way. */
const PAUSE = /^autoscaling\.keda\.sh\/paused(-replicas|-scale-in|-scale-out)?$/;

/** Where a trigger reads a gauge: each ready pod of a Service. */
export interface SignalSource {
  readonly service: string;
  readonly namespace: string;
  readonly port: number;
  readonly path: string;
  readonly metric: string;
  /** Labels of the one series that is read. */
  readonly labels: Readonly<Record<string, string>>;
}

/** One thing that a ScaledObject watches. */
export interface TriggerState {
  readonly type: string;
  /** Name in the formula; undefined where it has none. */
  readonly name: string | undefined;
  /** Undefined where it reads no Service. */
  readonly source: SignalSource | undefined;
  /** Failed readings in a row; 0 also where KEDA does not count, for there is no fallback. */
  readonly failures: number;
}

/** What KEDA says of a ScaledObject: `True`, `False` or `Unknown`, and why. */
export interface ScaledObjectCondition {
  readonly status: string;
  readonly reason: string;
  readonly message: string;
}

/** A ScaledObject as it is now. */
export interface ScaledObjectState {
  readonly name: string;
  readonly namespace: string;
  readonly target: { readonly kind: string; readonly name: string };
  /** 0 where the target may sleep. */
  readonly minimum: number;
  readonly maximum: number;
  /** Name of the HorizontalPodAutoscaler that KEDA makes of it. */
  readonly autoscaler: string;
  /** Undefined where the autoscaler sees each trigger for itself. */
  readonly formula: string | undefined;
  /** By their index in the metrics' names. */
  readonly triggers: readonly TriggerState[];
  /** Names by which its autoscaler asks for external metrics; empty before KEDA has looked at it. */
  readonly metrics: readonly string[];
  /** By type: Ready, Active, Fallback, Paused. */
  readonly conditions: Readonly<Partial<Record<string, ScaledObjectCondition>>>;
  /** Annotations that pause it. */
  readonly pauses: readonly { readonly annotation: string; readonly value: string }[];
}

const text = z.string().default("");
const strings = z.record(z.string(), z.string()).default({});

const trigger = z.object({
  type: z.string(),
  name: z.string().optional(),
  metadata: strings,
});

const scaledObject = z.object({
  metadata: z.object({ name: z.string(), namespace: z.string(), annotations: strings }),
  spec: z.object({
    scaleTargetRef: z.object({ name: z.string(), kind: z.string().default("Deployment") }),
    minReplicaCount: z.number().default(0),
    maxReplicaCount: z.number().default(100),
    advanced: z
      .object({
        horizontalPodAutoscalerConfig: z.object({ name: z.string().optional() }).optional(),
        scalingModifiers: z.object({ formula: z.string().optional() }).optional(),
      })
      .default({}),
    triggers: z.array(trigger),
  }),
  status: z
    .object({
      hpaName: z.string().optional(),
      externalMetricNames: z.array(z.string()).default([]),
      conditions: z
        .array(z.object({ type: z.string(), status: z.string(), reason: text, message: text }))
        .default([]),
      health: z
        .record(z.string(), z.object({ numberOfFailures: z.number().default(0) }))
        .default({}),
    })
    .prefault({}),
});

const list = z.object({ items: z.array(scaledObject) });

/** The ScaledObjects of a namespace, or of all; none where the cluster does not know what that is. */
export async function scaledObjects(
  config: KubeConfig,
  namespace?: string,
): Promise<ScaledObjectState[]> {
  const api = config.makeApiClient(CustomObjectsApi);
  try {
    const answer: unknown =
      namespace === undefined
        ? await api.listClusterCustomObject(SCALED_OBJECTS)
        : await api.listNamespacedCustomObject({ ...SCALED_OBJECTS, namespace });
    return list.parse(answer).items.map(stateOf);
  } catch (error) {
    if (isNotFound(error)) {
      return [];
    }
    throw error;
  }
}

/** Whether the cluster knows what a ScaledObject is. */
export async function knowsScaledObjects(config: KubeConfig): Promise<boolean> {
  try {
    const { resources } = await config
      .makeApiClient(CustomObjectsApi)
      .getAPIResources(SCALED_OBJECTS);
    return resources.some(({ name }) => name === SCALED_OBJECTS.plural);
  } catch (error) {
    if (isNotFound(error)) {
      return false;
    }
    throw error;
  }
}

/** Whether the API server does not have what it was asked for. */
export function isNotFound(error: unknown): boolean {
  return error instanceof ApiException && error.code === 404;
}

/** Whether a condition of a ScaledObject holds. */
export function holds({ conditions }: Pick<ScaledObjectState, "conditions">, type: string) {
  return conditions[type]?.status === "True";
}

function stateOf({ metadata, spec, status }: z.infer<typeof scaledObject>): ScaledObjectState {
  const { horizontalPodAutoscalerConfig, scalingModifiers } = spec.advanced;
  const { externalMetricNames } = status;
  const formula = scalingModifiers?.formula;
  return {
    name: metadata.name,
    namespace: metadata.namespace,
    target: spec.scaleTargetRef,
    minimum: spec.minReplicaCount,
    maximum: spec.maxReplicaCount,
    autoscaler:
      status.hpaName ?? horizontalPodAutoscalerConfig?.name ?? `keda-hpa-${metadata.name}`,
    formula,
    triggers: spec.triggers.map((each, index) => ({
      type: each.type,
      name: each.name,
      source: sourceOf(each),
      failures:
        Object.entries(status.health).find(([metric]) => metric.startsWith(`s${index}-`))?.[1]
          .numberOfFailures ?? 0,
    })),
    metrics:
      formula === undefined || externalMetricNames.length === 0
        ? externalMetricNames
        : [FORMULA_METRIC],
    conditions: Object.fromEntries(status.conditions.map(({ type, ...rest }) => [type, rest])),
    pauses: Object.entries(metadata.annotations)
      .filter(([annotation, value]) => PAUSE.test(annotation) && value !== "false")
      .map(([annotation, value]) => ({ annotation, value })),
  };
}

function sourceOf({ type, metadata }: z.infer<typeof trigger>): SignalSource | undefined {
  const { url = "", valueLocation = "" } = metadata;
  if (
    type !== "metrics-api" ||
    metadata.aggregateFromKubeServiceEndpoints !== "true" ||
    !URL.canParse(url)
  ) {
    return undefined;
  }
  const { hostname, port, protocol, pathname } = new URL(url);
  const [service = "", namespace = ""] = hostname.split(".");
  const [, metric = valueLocation, matchers = ""] = /^([^{]*)\{(.*)\}$/.exec(valueLocation) ?? [];
  return {
    service,
    namespace,
    port: port === "" ? (protocol === "https:" ? 443 : 80) : Number(port),
    path: pathname,
    metric,
    labels: Object.fromEntries(
      [...matchers.matchAll(/([A-Za-z_]\w*)="([^"]*)"/g)].map(([, key = "", value = ""]) => [
        key,
        value,
      ]),
    ),
  };
}
