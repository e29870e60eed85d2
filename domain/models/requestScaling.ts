import type { Model } from "./model";
import type { GatewaySettings } from "../settings/gateway";

/** Share by which a metric may differ from its target before replicas change. Source: kube-controller-manager, default of `--horizontal-pod-autoscaler-tolerance`. */
export const AUTOSCALER_TOLERANCE = 0.1;

/** Whether a model sleeps while nobody asks for it. */
export function maySleep({ autoscaling }: Pick<Model, "autoscaling">): boolean {
  return autoscaling.minReplicas === 0;
}

/** More requests of one pod than these are no reason to wait for its CPU: an assumption. */
const MOST_IN_FLIGHT_PER_POD = 50;

/** Requests that the gateway holds when every slot is taken and every queue is full; infinite where nothing bounds the queues. */
export function fullHouse(
  models: readonly Pick<Model, "autoscaling" | "shape">[],
  { admission }: Pick<GatewaySettings["routing"], "admission">,
): number {
  const slots = models.reduce(
    (sum, { autoscaling, shape }) => sum + autoscaling.maxReplicas * shape.maxSequences,
    0,
  );
  return admission.enabled ? Math.floor(slots * (1 + admission.queuePerPlace)) : Infinity;
}

/** Requests in flight that each pod of the gateway is to have. */
export function inFlightPerPod(
  models: readonly Pick<Model, "autoscaling" | "shape">[],
  { autoscaling, routing }: Pick<GatewaySettings, "autoscaling" | "routing">,
): number {
  const { minReplicas, requests } = autoscaling;
  const twice = Math.floor(fullHouse(models, routing) / (2 * minReplicas));
  return requests.inFlightPerPod ?? Math.max(1, Math.min(MOST_IN_FLIGHT_PER_POD, twice));
}
