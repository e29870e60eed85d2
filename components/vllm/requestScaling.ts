import { behavior } from "../autoscaling/spec";
import { gaugeTrigger, type ScaledObjectSpec, type Trigger } from "../autoscaling/scaledObject";
import {
  GATEWAY_SIGNALS,
  SIGNALS_PORT,
  SIGNALS_SERVICE,
  VLLM_SIGNALS,
} from "../../domain/gatewaySignals";
import { gatewayModelName, type Model } from "../../domain/models/model";
import { VLLM_PORT } from "../../domain/names";
import { maySleep } from "../../domain/models/requestScaling";

/** What a model's autoscaler follows from. */
export interface ModelScalingArgs {
  /** The model that is scaled. */
  readonly model: Pick<Model, "autoscaling" | "name" | "shape">;
  /** Namespace of the model servers. */
  readonly namespace: string;
  /** Namespace of the gateway, whose pods hold what waits for a slot. */
  readonly gatewayNamespace: string;
  /** Whether requests wait in the gateway: without it every one is with a replica at once. */
  readonly admission: boolean;
}

/** Failed readings in a row after which the fallback holds. */
const FAILURE_THRESHOLD = 3;

/**
 * The ScaledObject of one model: it keeps a share of the slots of its replicas in use.
 *
 * The metric is in percent of one replica's slots, so that its target is the share, a whole number: KEDA leaves a fallback out of account without
 * a word where the target of a formula has a fraction.
 */
export function modelScaledObject(args: ModelScalingArgs): ScaledObjectSpec {
  const { model } = args;
  const { minReplicas, maxReplicas, requests } = model.autoscaling;
  const { schedule, slotUtilization, fallbackReplicas } = requests;
  const sleeps = maySleep(model);
  const demand = sleeps ? heldByGateway(args) : heldByReplicas(args);
  const times = schedule.map(({ timezone, start, end, replicas }, index) => ({
    type: "cron" as const,
    name: `schedule${index}`,
    metadata: { timezone, start, end, desiredReplicas: String(replicas) },
  }));
  const names = demand.map(({ name }) => name);
  const asked = sleeps ? `max(${names.join(", ")})` : `(${names.join(" + ")})`;
  const used = `${asked} * 100 / ${model.shape.maxSequences}`;
  // A schedule's value is its number of replicas in its time, and 0 out of it.
  const formula = times.reduce(
    (sofar, { name }) => `max(${sofar}, ${name} * ${slotUtilization})`,
    used,
  );
  return {
    scaleTargetRef: { apiVersion: "apps/v1", kind: "StatefulSet", name: model.name },
    minReplicaCount: minReplicas,
    maxReplicaCount: maxReplicas,
    // KEDA warns of these where the target never sleeps: they would say nothing there.
    ...(sleeps
      ? {
          pollingInterval: requests.pollingSeconds,
          cooldownPeriod: requests.idleSeconds,
          initialCooldownPeriod: requests.idleSeconds,
        }
      : {}),
    fallback: {
      failureThreshold: FAILURE_THRESHOLD,
      replicas: fallbackReplicas ?? Math.max(1, minReplicas),
      // Without the gateway's word nobody knows whether a model that sleeps is wanted: it goes on as it is.
      behavior:
        sleeps && fallbackReplicas === undefined ? "currentReplicas" : "currentReplicasIfHigher",
    },
    advanced: {
      // An autoscaler of Kubernetes, which may take over, leaves a workload alone that has no replica.
      restoreToOriginalReplicaCount: sleeps,
      horizontalPodAutoscalerConfig: {
        name: modelAutoscaler(model.name),
        behavior: behavior(requests),
      },
      scalingModifiers: {
        formula,
        target: String(slotUtilization),
        metricType: "AverageValue",
      },
    },
    triggers: [...demand, ...times],
  };
}

/** `metadata.name` of a model's HorizontalPodAutoscaler. */
export function modelAutoscaler(model: string): string {
  return `${model}-hpa`;
}

/** What the replicas have, and what waits in the gateway for one of them. */
function heldByReplicas({
  model,
  namespace,
  gatewayNamespace,
  admission,
}: ModelScalingArgs): (Trigger & { readonly name: string })[] {
  const ofReplicas = (name: string, metric: string) =>
    gaugeTrigger({
      name,
      service: model.name,
      namespace,
      port: VLLM_PORT,
      metric,
      labels: { model_name: model.name },
    });
  return [
    ofReplicas("running", VLLM_SIGNALS.running),
    ofReplicas("waiting", VLLM_SIGNALS.waiting),
    ...(admission
      ? [ofGateway("queued", GATEWAY_SIGNALS.waiting, { model, gatewayNamespace })]
      : []),
  ];
}

/**
 * What the gateway holds for a model that may sleep, and whether somebody wants it: everybody comes by the gateway, and without a replica there is
 * nobody else to ask. A trigger that fails would keep KEDA from reading the others.
 */
function heldByGateway(args: ModelScalingArgs): (Trigger & { readonly name: string })[] {
  return [
    ofGateway("held", GATEWAY_SIGNALS.held, args),
    // Short answers come and go between two looks; and several pods that were asked want one replica, no more.
    ofGateway("wanted", GATEWAY_SIGNALS.wanted, args, "max"),
  ];
}

function ofGateway(
  name: string,
  metric: string,
  { model, gatewayNamespace }: Pick<ModelScalingArgs, "gatewayNamespace" | "model">,
  aggregation: "sum" | "max" = "sum",
) {
  return gaugeTrigger({
    name,
    service: SIGNALS_SERVICE,
    namespace: gatewayNamespace,
    port: SIGNALS_PORT,
    metric,
    labels: { model: gatewayModelName(model.name) },
    aggregation,
  });
}
