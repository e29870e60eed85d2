import { behavior } from "../autoscaling/spec";
import { gaugeTrigger, type ScaledObjectSpec, type Trigger } from "../autoscaling/scaledObject";
import { GATEWAY_SIGNALS, SIGNALS_PORT, SIGNALS_SERVICE } from "../../domain/gatewaySignals";
import type { Model } from "../../domain/models/model";
import { AUTOSCALER, GATEWAY } from "../../domain/names";
import { inFlightPerPod } from "../../domain/models/requestScaling";
import type { GatewaySettings } from "../../domain/settings/gateway";
import { signalsOf, type Signal } from "../../domain/settings/signals";

/** What the gateway's autoscaler follows from. */
export interface GatewayScalingArgs extends Pick<
  GatewaySettings,
  "autoscaling" | "namespace" | "routing"
> {
  /** Models that the gateway offers: what they can hold at most bounds its requests. */
  readonly models: readonly Pick<Model, "autoscaling" | "shape">[];
}

/** The ScaledObject of the gateway: its resources as without KEDA, and its requests in flight. */
export function gatewayScaledObject(args: GatewayScalingArgs): ScaledObjectSpec {
  const { autoscaling, models, namespace } = args;
  return {
    scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: GATEWAY },
    minReplicaCount: autoscaling.minReplicas,
    maxReplicaCount: autoscaling.maxReplicas,
    // CPU and memory go on; the requests ask for no more than the least number then.
    fallback: { failureThreshold: 3, replicas: autoscaling.minReplicas, behavior: "static" },
    advanced: {
      restoreToOriginalReplicaCount: false,
      horizontalPodAutoscalerConfig: { name: AUTOSCALER, behavior: behavior(autoscaling) },
    },
    triggers: [
      ...signalsOf(autoscaling).map(resourceTrigger),
      gaugeTrigger({
        name: "requests",
        service: SIGNALS_SERVICE,
        namespace,
        port: SIGNALS_PORT,
        metric: GATEWAY_SIGNALS.inFlight,
        target: inFlightPerPod(models, args),
      }),
    ],
  };
}

/** @throws RangeError for a metric that KEDA's HorizontalPodAutoscaler cannot have; a rule has refused the configuration before */
function resourceTrigger(signal: Signal): Trigger {
  if (signal.kind !== "resource" && signal.kind !== "containerResource") {
    throw new RangeError(`a ScaledObject measures no signal of the kind ${signal.kind}`);
  }
  const { averageUtilization, averageValue = "" } = signal;
  return {
    type: signal.resource,
    metricType: averageUtilization === undefined ? "AverageValue" : "Utilization",
    metadata: {
      value: averageUtilization === undefined ? averageValue : String(averageUtilization),
      ...(signal.kind === "containerResource" ? { containerName: signal.container } : {}),
    },
  };
}
