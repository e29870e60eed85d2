import { existsSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import {
  ApiException,
  KubeConfig,
  KubernetesObjectApi,
  PatchStrategy,
  type KubernetesObject,
} from "@kubernetes/client-node";
import { readinessOf } from "./readiness";

/** Field manager of everything that the double applies. */
const MANAGER = "pulumi-kubernetes-double";

/** Default time for an object to become ready, as in the official provider. */
const DEFAULT_TIMEOUT_SECONDS = 600;
const POLL_MS = 250;

/** A Kubernetes object with what is needed to find it. */
export interface Target {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
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

/** The cluster behind a provider resource. */
export class Cluster {
  private constructor(private readonly api: KubernetesObjectApi) {}

  /**
   * @param kubeconfig content or path of a kubeconfig; the usual files when absent
   * @param context context to use; the current one when absent
   * @throws Error when the context does not exist
   */
  public static connect(kubeconfig: string | undefined, context: string | undefined): Cluster {
    const config = new KubeConfig();
    if (kubeconfig === undefined) {
      config.loadFromDefault();
    } else if (existsSync(kubeconfig)) {
      config.loadFromFile(kubeconfig);
    } else {
      config.loadFromString(kubeconfig);
    }
    if (context !== undefined) {
      const known = config.getContexts().map(({ name }) => name);
      if (!known.includes(context)) {
        throw new Error(
          `the kubeconfig has no context "${context}"; it has ${known.length === 0 ? "none" : known.join(", ")}`,
        );
      }
      config.setCurrentContext(context);
    }
    return new Cluster(KubernetesObjectApi.makeApiClient(config));
  }

  /** Server-side apply. @param dryRun only ask whether the API server would accept it */
  public async apply(object: Target, dryRun: boolean): Promise<KubernetesObject> {
    return this.api.patch(
      { ...object, metadata: { ...object.metadata } },
      undefined,
      dryRun ? "All" : undefined,
      MANAGER,
      true,
      PatchStrategy.ServerSideApply,
    );
  }

  public async read(target: Target): Promise<KubernetesObject | undefined> {
    try {
      return await this.api.read({ ...target, metadata: withNamespace(target) });
    } catch (error) {
      if (isStatus(error, 404)) {
        return undefined;
      }
      throw error;
    }
  }

  /** Whether the object was made by an earlier run of this double: an interrupted `up` left it. */
  public static isOurs(object: KubernetesObject): boolean {
    return object.metadata?.managedFields?.some(({ manager }) => manager === MANAGER) ?? false;
  }

  /** @throws NotReadyError when the object fails, or is not ready in time */
  public async untilReady(target: Target, timeoutSeconds: number): Promise<KubernetesObject> {
    const seconds = timeoutSeconds > 0 ? timeoutSeconds : DEFAULT_TIMEOUT_SECONDS;
    const deadline = Date.now() + seconds * 1000;
    for (;;) {
      const live = await this.read(target);
      if (live === undefined) {
        throw new Error(`${describe(target)} was deleted while it was awaited`);
      }
      const readiness = readinessOf(live);
      if (readiness.state === "ready") {
        return live;
      }
      if (readiness.state === "failed" || Date.now() > deadline) {
        throw new NotReadyError(
          `${describe(target)} is not ready${readiness.state === "failed" ? "" : ` after ${seconds} s`}: ${readiness.reason}`,
          live,
        );
      }
      await sleep(POLL_MS);
    }
  }

  /** Deletes and waits until the object is gone. */
  public async remove(target: Target, timeoutSeconds: number): Promise<void> {
    const seconds = timeoutSeconds > 0 ? timeoutSeconds : DEFAULT_TIMEOUT_SECONDS;
    const deadline = Date.now() + seconds * 1000;
    try {
      await this.api.delete(
        { ...target, metadata: withNamespace(target) },
        undefined,
        undefined,
        undefined,
        undefined,
        "Background",
      );
    } catch (error) {
      if (!isStatus(error, 404)) {
        throw error;
      }
    }
    while ((await this.read(target)) !== undefined) {
      if (Date.now() > deadline) {
        throw new Error(`${describe(target)} is still there ${seconds} s after it was deleted`);
      }
      await sleep(POLL_MS);
    }
  }
}

export function describe(target: Target): string {
  const { name, namespace } = target.metadata;
  return `${target.kind} ${namespace === undefined ? "" : `${namespace}/`}${name}`;
}

export function isStatus(error: unknown, code: number): boolean {
  return error instanceof ApiException && error.code === code;
}

/** What the API server said, without the headers and stack that the client wraps around it. */
export function serverMessage(error: unknown): string {
  if (error instanceof ApiException && typeof error.body === "string") {
    try {
      const body: unknown = JSON.parse(error.body);
      if (typeof body === "object" && body !== null && "message" in body) {
        return String(body.message);
      }
    } catch {
      return `HTTP ${error.code}: ${error.body}`;
    }
  }
  return error instanceof Error ? error.message : String(error);
}

function withNamespace(target: Target): { name: string; namespace: string } {
  // The client's types want a namespace; for cluster-scoped kinds it is not used.
  return { name: target.metadata.name, namespace: target.metadata.namespace ?? "default" };
}
