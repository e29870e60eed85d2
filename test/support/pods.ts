import type { V1Pod } from "@kubernetes/client-node";

/** How a pod of {@link servingPod} differs from a ready one. */
export interface PodChanges {
  /** @default true */
  readonly ready?: boolean;
  /** @default false */
  readonly deleted?: boolean;
  /** @default "Running" */
  readonly phase?: string;
  readonly subdomain?: string;
  /** @default { app: "m" } */
  readonly labels?: Record<string, string>;
  /** Container port named `http`. @default 8000 */
  readonly port?: number;
}

/** A pod in the namespace `vllm` as the API server shows it; null for an address that it has not got yet. */
export function servingPod(name: string, address: string | null, changes: PodChanges = {}): V1Pod {
  const { ready = true, deleted = false, phase = "Running", labels = { app: "m" } } = changes;
  const { subdomain, port = 8000 } = changes;
  return {
    metadata: {
      name,
      namespace: "vllm",
      labels,
      ...(deleted ? { deletionTimestamp: new Date() } : {}),
    },
    spec: {
      hostname: name,
      ...(subdomain === undefined ? {} : { subdomain }),
      containers: [{ name: "server", ports: [{ name: "http", containerPort: port }] }],
    },
    status: {
      phase,
      ...(address === null ? {} : { podIP: address }),
      conditions: [{ type: "Ready", status: ready ? "True" : "False" }],
    },
  };
}
