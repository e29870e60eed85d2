import type { KubernetesObject } from "@kubernetes/client-node";

/** A Kubernetes object with what is needed to find it. */
export interface Target {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
}

/** The API server refused a request. */
export class RefusedError extends Error {
  public constructor(
    /** HTTP status. */
    public readonly code: number,
    message: string,
  ) {
    super(message);
  }
}

/** The object was applied and did not become ready. */
export class NotReadyError extends Error {
  public constructor(
    message: string,
    public readonly live: KubernetesObject,
  ) {
    super(message);
  }
}

export function describe(target: Target): string {
  const { name, namespace } = target.metadata;
  return `${target.kind} ${namespace === undefined ? "" : `${namespace}/`}${name}`;
}
