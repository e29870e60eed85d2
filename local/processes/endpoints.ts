import type { V1Pod, V1Service, V1ServicePort } from "@kubernetes/client-node";
import { isReady } from "../../operations/stack/pods";
import { loopbackOf } from "./addresses";

/** A pod's process, as a Service of the pod reaches it. */
export interface Backend {
  readonly host: string;
  readonly port: number;
}

/**
 * The pods that a Service publishes, by the rules of Kubernetes' endpoint slices: those that are ready and not on their way
 * out; with `publishNotReadyAddresses` every one that has an address and has not ended.
 */
export function publishedPods(service: V1Service, pods: readonly V1Pod[]): V1Pod[] {
  const all = service.spec?.publishNotReadyAddresses === true;
  return podsBehind(service, pods).filter(
    (pod) => all || (isReady(pod) && pod.metadata?.deletionTimestamp === undefined),
  );
}

/**
 * The pods that connections to a Service's cluster IP go to: the published ones; without any, as kube-proxy does it, those
 * that are on their way out and still ready.
 */
export function connectedPods(service: V1Service, pods: readonly V1Pod[]): V1Pod[] {
  const published = publishedPods(service, pods);
  return published.length > 0 ? published : podsBehind(service, pods).filter(isReady);
}

/** Loopback address of a pod that has an address. */
export function hostOf(pod: V1Pod): string {
  return loopbackOf(pod.status?.podIP ?? "");
}

/** Where a port of a Service leads to in a pod; undefined when no container has a port of that name. */
export function backendOf(
  pod: V1Pod,
  { port, targetPort = port, protocol = "TCP" }: V1ServicePort,
): Backend | undefined {
  const number =
    typeof targetPort === "number"
      ? targetPort
      : pod.spec?.containers
          .flatMap(({ ports }) => ports ?? [])
          .find((one) => one.name === targetPort && (one.protocol ?? "TCP") === protocol)
          ?.containerPort;
  return number === undefined ? undefined : { host: hostOf(pod), port: number };
}

/** Pods that a Service selects, that have an address and have not ended. One without a selector selects none. */
function podsBehind({ metadata, spec }: V1Service, pods: readonly V1Pod[]): V1Pod[] {
  const selector = Object.entries(spec?.selector ?? {});
  return pods.filter(
    (pod) =>
      selector.length > 0 &&
      pod.metadata?.namespace === metadata?.namespace &&
      selector.every(([key, value]) => pod.metadata?.labels?.[key] === value) &&
      pod.status?.podIP !== undefined &&
      !["Succeeded", "Failed"].includes(pod.status.phase ?? ""),
  );
}
