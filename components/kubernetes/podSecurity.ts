import type { types } from "@pulumi/kubernetes";

/** A container that passes the `restricted` Pod Security Standard with a read-only root file system. */
export const RESTRICTED_CONTAINER: types.input.core.v1.SecurityContext = {
  allowPrivilegeEscalation: false,
  readOnlyRootFilesystem: true,
  capabilities: { drop: ["ALL"] },
};

/** A pod of `uid` that passes the `restricted` Pod Security Standard; volumes belong to the same group. */
export function restrictedPod(uid: number): types.input.core.v1.PodSecurityContext {
  return {
    runAsNonRoot: true,
    runAsUser: uid,
    runAsGroup: uid,
    fsGroup: uid,
    seccompProfile: { type: "RuntimeDefault" },
  };
}

/** Labels that make a namespace enforce, and warn about, a Pod Security Standard. */
export function podSecurityLabels(level: "baseline" | "restricted"): Record<string, string> {
  return {
    "pod-security.kubernetes.io/enforce": level,
    "pod-security.kubernetes.io/warn": "restricted",
  };
}
