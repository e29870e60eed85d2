import type { KubernetesObject } from "@kubernetes/client-node";
import { isTree } from "../properties";

/** Whether an applied object has become what it describes. */
export type Readiness =
  | { readonly state: "ready" }
  | { readonly state: "waiting"; readonly reason: string }
  | { readonly state: "failed"; readonly reason: string };

const READY: Readiness = { state: "ready" };

const waiting = (reason: string): Readiness => ({ state: "waiting", reason });

/** Judges the kinds that the official provider waits for; every other kind is ready as soon as it exists. */
export function readinessOf(object: KubernetesObject): Readiness {
  const spec = tree(field(object, "spec"));
  const status = tree(field(object, "status"));
  const observed = number(status.observedGeneration);
  if (object.metadata?.annotations?.["pulumi.com/skipAwait"] === "true") {
    return READY;
  }
  switch (object.kind) {
    case "Deployment":
    case "StatefulSet": {
      const wanted = number(spec.replicas ?? 1);
      const updated = number(status.updatedReplicas ?? 0);
      const ready = number(status.readyReplicas ?? 0);
      const current = observed >= (object.metadata?.generation ?? 0);
      return current && updated >= wanted && ready >= wanted
        ? READY
        : waiting(`${ready} of ${wanted} replicas ready, ${updated} up to date`);
    }
    case "DaemonSet": {
      const wanted = number(status.desiredNumberScheduled ?? 0);
      const ready = number(status.numberReady ?? 0);
      return observed >= (object.metadata?.generation ?? 0) && ready >= wanted
        ? READY
        : waiting(`${ready} of ${wanted} pods ready`);
    }
    case "Job":
      return jobReadiness(status);
    case "Service":
      return spec.type !== "LoadBalancer" || hasIngress(status)
        ? READY
        : waiting("the load balancer has no address yet");
    case "PersistentVolumeClaim":
      return status.phase === "Bound"
        ? READY
        : waiting(`the claim is ${typeof status.phase === "string" ? status.phase : "new"}`);
    case "Namespace":
      return status.phase === "Active" ? READY : waiting("the namespace is not active");
    default:
      return READY;
  }
}

function jobReadiness(status: Record<string, unknown>): Readiness {
  const conditions = Array.isArray(status.conditions) ? status.conditions.map(tree) : [];
  const holds = (type: string) =>
    conditions.find((condition) => condition.type === type && condition.status === "True");
  const failed = holds("Failed");
  if (failed !== undefined) {
    return {
      state: "failed",
      reason: `the Job failed: ${String(failed.message ?? failed.reason)}`,
    };
  }
  return holds("Complete") === undefined ? waiting("the Job has not completed") : READY;
}

function hasIngress(status: Record<string, unknown>): boolean {
  const { ingress } = tree(status.loadBalancer);
  return Array.isArray(ingress) && ingress.length > 0;
}

function field(object: object, name: string): unknown {
  return Object.entries(object).find(([key]) => key === name)?.[1];
}

function tree(value: unknown): Record<string, unknown> {
  return isTree(value) ? value : {};
}

function number(value: unknown): number {
  return typeof value === "number" ? value : 0;
}
