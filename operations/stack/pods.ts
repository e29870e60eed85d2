import type { V1Pod } from "@kubernetes/client-node";
import { ROLE_LABEL, type Role } from "../../domain/labels";

/** Whether a pod gets requests from its Services. */
export function isReady(pod: V1Pod): boolean {
  return (
    pod.status?.conditions?.some(({ type, status }) => type === "Ready" && status === "True") ===
    true
  );
}

const HEADROOM: Role = "headroom";

/** Whether a pod only holds a node for a replica to come. */
export function isPlaceholder({ metadata }: V1Pod): boolean {
  return metadata?.labels?.[ROLE_LABEL] === HEADROOM;
}

/** What a placeholder does, for people: `placeholder: keeps its node ready`. */
export function placeholderText(pod: V1Pod): string {
  return `placeholder: ${isReady(pod) ? "keeps its node ready" : pod.spec?.nodeName === undefined ? "waits for a node" : "starts"}`;
}
