import type { V1Pod, V1Service } from "@kubernetes/client-node";
import { isReady } from "../../operations/stack/pods";
import { loopbackOf } from "./addresses";

/** Loopback addresses by DNS name. */
export type Names = Record<string, string[]>;

/**
 * What cluster DNS would answer: for a Service its ready pods, for a pod of a headless Service, by its host name, that
 * pod. A Service without a ready pod has a name and no address.
 */
export function clusterNames(services: readonly V1Service[], pods: readonly V1Pod[]): Names {
  const names: Names = {};
  for (const { metadata, spec } of services) {
    const selector = spec?.selector;
    const namespace = metadata?.namespace ?? "";
    const service = `${metadata?.name}.${namespace}.svc`;
    const backends =
      selector === undefined ? [] : pods.filter((pod) => selects(selector, namespace, pod));
    names[service] = addressesOf(backends);
    if (spec?.clusterIP === "None") {
      for (const pod of backends.filter(({ spec: podSpec }) => podSpec?.hostname !== undefined)) {
        names[`${pod.spec?.hostname}.${service}`] = addressesOf([pod]);
      }
    }
  }
  return names;
}

/** Whether a pod is behind a Service with this selector. */
export function selects(
  selector: Readonly<Record<string, string>>,
  namespace: string,
  pod: V1Pod,
): boolean {
  return (
    pod.metadata?.namespace === namespace &&
    Object.entries(selector).every(([key, value]) => pod.metadata?.labels?.[key] === value)
  );
}

function addressesOf(pods: readonly V1Pod[]): string[] {
  return pods.flatMap((pod) =>
    isReady(pod) && pod.metadata?.deletionTimestamp === undefined && pod.status?.podIP !== undefined
      ? [loopbackOf(pod.status.podIP)]
      : [],
  );
}
