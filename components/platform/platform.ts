import type * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { Publish } from "../kubernetes/publishedName";
import type { ManagedStores } from "../stores/createStores";

/** What the in-cluster half stands on, whoever made it. */
export interface Platform {
  /** Provider of every Kubernetes object. */
  readonly provider: k8s.Provider;
  /** What in-cluster workloads wait for. */
  readonly ready: readonly pulumi.Resource[];
  /** File system for the model artifacts, when the stack made one. */
  readonly artifactFileSystemId?: pulumi.Output<string>;
  /** Makes stores outside the cluster, where the stack has a network for them. */
  readonly managedStores?: ManagedStores;
  /** Makes certificate and record of the gateway's name, where the stack has an account for them. */
  readonly publish?: Publish;
  /** EKS names of the node groups that the stack made, by their names in the configuration. */
  readonly nodeGroups?: pulumi.Output<Record<string, string>>;
  /** Name and kubeconfig of a cluster that the stack made. */
  readonly clusterName?: string;
  /** Kubeconfig of a cluster that the stack made, a secret. */
  readonly kubeconfig?: pulumi.Output<string>;
}

/**
 * Settings that every Kubernetes provider of the program shares.
 *
 * @param clusterIdentifier what stays the same while the kubeconfig is renewed: without it every object would be replaced
 */
export function providerSettings(
  clusterIdentifier: pulumi.Input<string>,
): Pick<k8s.ProviderArgs, "clusterIdentifier" | "enableConfigMapMutable" | "enableSecretMutable"> {
  return { clusterIdentifier, enableConfigMapMutable: true, enableSecretMutable: true };
}
