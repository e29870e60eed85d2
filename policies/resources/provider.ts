import type { PolicyProviderResource } from "@pulumi/policy";
import { at, isList, isTree, snapshot, UNKNOWN, type Value } from "./values";

/** The provider of a Kubernetes resource: what it says about the cluster. */
export interface Provider {
  readonly urn: string;
  readonly name: string;
  readonly kubeconfig: Value;
  readonly context: Value;
  readonly cluster: Value;
  readonly clusterIdentifier: Value;
  /** Namespace of objects that name none. */
  readonly namespace: Value;
  /** Tags of an AWS provider for all its resources. */
  readonly defaultTags: Value;
}

/** What resources without a provider get: the kubeconfig of the machine. */
const AMBIENT: Provider = {
  urn: "default",
  name: "default",
  kubeconfig: undefined,
  context: undefined,
  cluster: undefined,
  clusterIdentifier: undefined,
  namespace: undefined,
  defaultTags: undefined,
};

export function providerOf(provider: PolicyProviderResource | undefined): Provider {
  if (provider === undefined) {
    return AMBIENT;
  }
  const props = snapshot(provider.props);
  return {
    urn: provider.urn,
    name: provider.name,
    kubeconfig: at(props, "kubeconfig"),
    context: at(props, "context"),
    cluster: at(props, "cluster"),
    clusterIdentifier: at(props, "clusterIdentifier"),
    namespace: at(props, "namespace"),
    defaultTags: at(props, "defaultTags"),
  };
}

/**
 * Whether two providers lead to one cluster: by their identifier, else by kubeconfig, context and cluster. UNKNOWN while one
 * of these is, or where one names a context and the other takes the current one.
 */
export function sameCluster(left: Provider, right: Provider): boolean | typeof UNKNOWN {
  if (left.urn === right.urn) {
    return true;
  }
  const [one, other] = [left.clusterIdentifier, right.clusterIdentifier];
  if (typeof one === "string" && typeof other === "string") {
    return one === other;
  }
  const checks = [
    sameKubeconfig(left.kubeconfig, right.kubeconfig),
    sameSelection(left.context, right.context),
    sameSelection(left.cluster, right.cluster),
  ];
  if (checks[0] === false) {
    return false;
  }
  if (checks.includes(UNKNOWN)) {
    return UNKNOWN;
  }
  return !checks.includes(false);
}

function sameKubeconfig(left: Value, right: Value): boolean | typeof UNKNOWN {
  if (left === UNKNOWN || right === UNKNOWN) {
    return UNKNOWN;
  }
  const [one, other] = [text(left), text(right)];
  if (one === other) {
    return true;
  }
  const servers = [serversOf(one), serversOf(other)];
  if (servers[0]?.length === 1 && servers[1]?.length === 1) {
    return servers[0][0] === servers[1][0];
  }
  // A path, or the ambient file, may be the same file; two texts with other servers are not.
  return servers.every((found) => found.length > 0) ? false : differing(one, other);
}

/** Two explicit configurations that differ are two clusters; the machine's own one may be either. */
function differing(left: string, right: string): boolean | typeof UNKNOWN {
  return left !== "" && right !== "" ? false : UNKNOWN;
}

function text(value: Value): string {
  return typeof value === "string"
    ? value.trim()
    : isTree(value) || isList(value)
      ? JSON.stringify(value)
      : "";
}

/** The addresses of API servers that a kubeconfig, YAML or JSON, names. */
function serversOf(kubeconfig: string): string[] {
  const found = kubeconfig.matchAll(/["']?\bserver["']?\s*:\s*["']?(https?:[^\s"',}]+)/g);
  return [...new Set([...found].map(([, server]) => server ?? ""))];
}

function sameSelection(left: Value, right: Value): boolean | typeof UNKNOWN {
  if (left === UNKNOWN || right === UNKNOWN) {
    return UNKNOWN;
  }
  const [one, other] = [text(left), text(right)];
  return one === other ? true : one === "" || other === "" ? UNKNOWN : false;
}
