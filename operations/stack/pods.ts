import type { V1Pod } from "@kubernetes/client-node";

/** Whether a pod gets requests from its Services. */
export function isReady(pod: V1Pod): boolean {
  return (
    pod.status?.conditions?.some(({ type, status }) => type === "Ready" && status === "True") ===
    true
  );
}
