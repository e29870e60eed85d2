import { setTimeout as sleep } from "node:timers/promises";
import {
  ApiException,
  KubeConfig,
  KubernetesObjectApi,
  PatchStrategy,
  type KubernetesObject,
} from "@kubernetes/client-node";
import { readinessOf } from "./readiness";
import { describe, NotReadyError, RefusedError, type Target } from "./target";

/** Field manager of everything that the stand-in applies. */
const MANAGER = "pulumi-kubernetes-double";

/** Default time for an object to become ready, as in the official provider. */
const DEFAULT_TIMEOUT_SECONDS = 600;
const POLL_MS = 250;

/** The cluster behind a provider resource. */
export class Cluster {
  private constructor(private readonly api: KubernetesObjectApi) {}

  /**
   * @param kubeconfig path of a kubeconfig, or its content
   * @param context context to use; the current one when absent
   * @throws Error when the context does not exist
   */
  public static connect(
    kubeconfig: { readonly path: string } | { readonly content: string },
    context: string | undefined,
  ): Cluster {
    const config = new KubeConfig();
    if ("path" in kubeconfig) {
      config.loadFromFile(kubeconfig.path);
    } else {
      config.loadFromString(kubeconfig.content);
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

  /**
   * Server-side apply.
   *
   * @param dryRun only ask whether the API server would accept it
   * @throws RefusedError when the API server says no
   */
  public async apply(object: Target, dryRun: boolean): Promise<KubernetesObject> {
    try {
      return await this.api.patch(
        { ...object, metadata: { ...object.metadata } },
        undefined,
        dryRun ? "All" : undefined,
        MANAGER,
        true,
        PatchStrategy.ServerSideApply,
      );
    } catch (error) {
      throw refusal(error);
    }
  }

  public async read(target: Target): Promise<KubernetesObject | undefined> {
    try {
      return await this.api.read({ ...target, metadata: withNamespace(target) });
    } catch (error) {
      if (isMissing(error)) {
        return undefined;
      }
      throw error;
    }
  }

  /** Whether the object was made by an earlier run of this stand-in: an interrupted `up` left it. */
  public isOurs(object: KubernetesObject): boolean {
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
      if (!isMissing(error)) {
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

/** What the API server said, without the headers and stack that the client wraps around it. */
function refusal(error: unknown): unknown {
  if (!(error instanceof ApiException) || typeof error.body !== "string") {
    return error;
  }
  let message = error.body;
  try {
    const body: unknown = JSON.parse(error.body);
    if (typeof body === "object" && body !== null && "message" in body) {
      message = String(body.message);
    }
  } catch {
    // Not every proxy in front of an API server answers in JSON: its text is the message then.
  }
  return new RefusedError(error.code, message);
}

function isMissing(error: unknown): boolean {
  return error instanceof ApiException && error.code === 404;
}

function withNamespace(target: Target): { name: string; namespace: string } {
  // The client's types want a namespace; for cluster-scoped kinds it is not used.
  return { name: target.metadata.name, namespace: target.metadata.namespace ?? "default" };
}
