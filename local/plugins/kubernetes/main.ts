/**
 * A stand-in for the official `kubernetes` provider: named objects by server-side apply, with the official provider's
 * waiting. Helm releases are recorded and not installed, which needs a chart registry; patch resources, YAML and generated
 * names are refused.
 */
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";
import type { KubernetesObject } from "@kubernetes/client-node";
import { messageOf } from "../../../domain/failure";
import { containsUnknown, differingPaths, isTree, type Properties } from "../properties";
import { InitializationError, serve, type StandInProvider } from "../provider";
import type * as clusterModule from "./cluster";
import { keepsIdentity, replacingPaths } from "./replacement";
import { describe, NotReadyError, RefusedError, type Target } from "./target";

const SETTINGS = [
  "kubeconfig",
  "context",
  "clusterIdentifier",
  "enableConfigMapMutable",
  "enableSecretMutable",
  "version",
];

const HELM_RELEASE = "kubernetes:helm.sh/v3:Release";

let connection: clusterModule.Cluster | Error = new Error("the provider has not been configured");

const standIn: StandInProvider = {
  name: "kubernetes",
  configure(config) {
    const unknown = Object.keys(config).filter((key) => !SETTINGS.includes(key));
    if (unknown.length > 0) {
      throw new Error(
        `the stand-in kubernetes provider does not support the settings ${unknown.join(", ")}`,
      );
    }
    const text = (key: string) => {
      const value = config[key];
      return typeof value === "string" && value !== "" ? value : undefined;
    };
    try {
      connection = connect(text("kubeconfig"), text("context"));
    } catch (error) {
      // A preview works without the cluster, as with the official provider; an update reports this error.
      connection = error instanceof Error ? error : new Error(String(error));
    }
    return Promise.resolve();
  },

  check(type, inputs) {
    if (type === HELM_RELEASE) {
      return { inputs, failures: [] };
    }
    if (/^kubernetes:(helm|yaml|kustomize)|Patch$|List$/.test(type)) {
      throw new Error(`the stand-in kubernetes provider does not support ${type}`);
    }
    const name = isTree(inputs.metadata) ? inputs.metadata.name : undefined;
    return typeof name === "string"
      ? { inputs, failures: [] }
      : {
          inputs,
          failures: [
            {
              property: "metadata.name",
              reason: "is missing; the stand-in kubernetes provider does not generate names",
            },
          ],
        };
  },

  diff(type, before, after) {
    const changed = differingPaths(before, after);
    const replacing = replacingPaths(type.split(":").at(-1) ?? "", changed);
    return {
      changed,
      replacing,
      deleteBeforeReplace: replacing.length > 0 && keepsIdentity(replacing),
    };
  },

  async create({ type, inputs, preview, timeoutSeconds }) {
    if (type === HELM_RELEASE) {
      return { id: `helm/${String(inputs.name)}`, outputs: recorded(inputs) };
    }
    const target = targetOf(inputs);
    if (preview) {
      return { id: idOf(target), outputs: await dryRun(inputs) };
    }
    const cluster = connected();
    const existing = await cluster.read(target);
    if (existing !== undefined && !cluster.isOurs(existing)) {
      throw new Error(
        `${describe(target)} already exists and was not made by this stack; delete it, or import it with pulumi import`,
      );
    }
    return { id: idOf(target), outputs: await applyAndWait(cluster, inputs, timeoutSeconds) };
  },

  async read(type, id, outputs) {
    if (type === HELM_RELEASE) {
      return { id, outputs };
    }
    const live = await connected().read(targetOf(outputs));
    return live === undefined ? undefined : { id, outputs: outputsOf(live) };
  },

  async update({ type, inputs, preview, timeoutSeconds }) {
    if (type === HELM_RELEASE) {
      return recorded(inputs);
    }
    return preview ? dryRun(inputs) : applyAndWait(connected(), inputs, timeoutSeconds);
  },

  async delete({ type, inputs, timeoutSeconds }) {
    if (type === HELM_RELEASE) {
      return;
    }
    await connected().remove(targetOf(inputs), timeoutSeconds);
  },
};

/** A release as if it were deployed, and a word on the console that it is not. */
function recorded(inputs: Properties): Properties {
  console.error(`stand-in: chart ${String(inputs.chart)} is recorded, not installed`);
  return {
    ...inputs,
    status: { name: inputs.name, namespace: inputs.namespace, status: "deployed" },
  };
}

/** @throws Error when there is no kubeconfig, or it does not have the context */
function connect(
  kubeconfig: string | undefined,
  context: string | undefined,
): clusterModule.Cluster {
  const file =
    kubeconfig ?? process.env.KUBECONFIG?.split(delimiter)[0] ?? join(homedir(), ".kube", "config");
  const isFile = existsSync(file);
  if (!isFile && kubeconfig === undefined) {
    throw new Error(`there is no kubeconfig: ${file} does not exist`);
  }
  // The client is large; a preview without a cluster does without it.
  const client = createRequire(__filename)("./cluster") as typeof clusterModule;
  return client.Cluster.connect(isFile ? { path: file } : { content: file }, context);
}

function connected(): clusterModule.Cluster {
  if (connection instanceof Error) {
    throw connection;
  }
  return connection;
}

/** What the API server would store; the inputs where it cannot be asked yet. */
async function dryRun(inputs: Properties): Promise<Properties> {
  if (connection instanceof Error || containsUnknown(inputs)) {
    return inputs;
  }
  try {
    await connection.apply(targetOf(inputs), true);
    return inputs;
  } catch (error) {
    // Not found: the namespace comes in the same update. No refusal at all: the cluster cannot be reached.
    if (!(error instanceof RefusedError) || error.code === 404) {
      return inputs;
    }
    throw new Error(`the API server refuses ${describe(targetOf(inputs))}: ${error.message}`);
  }
}

async function applyAndWait(
  cluster: clusterModule.Cluster,
  inputs: Properties,
  timeoutSeconds: number,
): Promise<Properties> {
  const target = targetOf(inputs);
  try {
    await cluster.apply(target, false);
  } catch (error) {
    throw new Error(`${describe(target)} cannot be applied: ${messageOf(error)}`);
  }
  try {
    return outputsOf(await cluster.untilReady(target, timeoutSeconds));
  } catch (error) {
    if (error instanceof NotReadyError) {
      throw new InitializationError(idOf(target), outputsOf(error.live), inputs, error.message);
    }
    throw error;
  }
}

function targetOf(inputs: Properties): Target & Properties {
  const { apiVersion, kind, metadata } = inputs;
  if (typeof apiVersion !== "string" || typeof kind !== "string" || !isTree(metadata)) {
    throw new Error("an object needs apiVersion, kind and metadata");
  }
  const { name, namespace } = metadata;
  if (typeof name !== "string") {
    throw new Error(`${kind} needs metadata.name`);
  }
  return {
    ...inputs,
    apiVersion,
    kind,
    metadata: { ...metadata, name, ...(typeof namespace === "string" ? { namespace } : {}) },
  };
}

function idOf(target: Target): string {
  const { name, namespace } = target.metadata;
  return namespace === undefined ? name : `${namespace}/${name}`;
}

function outputsOf(live: KubernetesObject): Properties {
  const { managedFields: _bookkeeping, ...metadata } = live.metadata ?? {};
  return { ...live, metadata };
}

void serve(standIn);
