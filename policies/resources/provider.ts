import type { PolicyProviderResource } from "@pulumi/policy";
import { readKubeconfig, sameKubeconfig } from "./kubeconfig";
import { allOf, at, snapshot, textOf, UNKNOWN, type Value } from "./values";

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
 * Whether two providers lead to one cluster: by the address of its API server or their identifier, else by kubeconfig, context
 * and cluster. UNKNOWN while one of these is, where their spellings cannot be compared, or where one names a context and the
 * other takes the current one.
 */
export function sameCluster(left: Provider, right: Provider): boolean | typeof UNKNOWN {
  if (left.urn === right.urn) {
    return true;
  }
  const [one, other] = [left.clusterIdentifier, right.clusterIdentifier];
  const identified = typeof one === "string" && typeof other === "string";
  if (identified && one === other) {
    return true;
  }
  const [own, others] = [readKubeconfig(left.kubeconfig), readKubeconfig(right.kubeconfig)];
  const config = sameText(left.kubeconfig, right.kubeconfig) || sameKubeconfig(own, others);
  if (config === true && own.kind === "content" && own.servers.length === 1) {
    // All contexts of a kubeconfig with one server lead to it, whatever they are called.
    return own.servers.includes(UNKNOWN) ? UNKNOWN : true;
  }
  if (identified || config === false) {
    return false;
  }
  return allOf([
    config,
    sameSelection(left.context, right.context),
    sameSelection(left.cluster, right.cluster),
  ]);
}

/** Whether two configurations are one text: they then select the same, whatever is in it. */
function sameText(left: Value, right: Value): boolean {
  return typeof left === "string" && typeof right === "string" && left.trim() === right.trim();
}

function sameSelection(left: Value, right: Value): boolean | typeof UNKNOWN {
  if (left === UNKNOWN || right === UNKNOWN) {
    return UNKNOWN;
  }
  const [one, other] = [textOf(left).trim(), textOf(right).trim()];
  return one === other ? true : one === "" || other === "" ? UNKNOWN : false;
}
