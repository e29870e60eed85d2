import type * as pulumi from "@pulumi/pulumi";
import { Network, type NetworkArgs } from "./network";

/** A VPC that exists already. */
export interface ExistingNetwork {
  readonly vpcId: string;
  /** One private subnet per zone, in the order of `zones`. */
  readonly privateSubnetIds: readonly string[];
  readonly publicSubnetIds: readonly string[];
  readonly zones: readonly string[];
  /** IPv4 block of the VPC; needed for managed stores alone. */
  readonly cidr?: string | undefined;
}

/** A VPC to make, or one that is there. */
export type NetworkChoice = Omit<NetworkArgs, "region" | "clusterName" | "tags"> | ExistingNetwork;

/** What the rest of the platform needs to know of its VPC. */
export interface ClusterNetwork {
  readonly vpcId: pulumi.Input<string>;
  /** One per zone, in the order of `zones`. */
  readonly privateSubnetIds: readonly pulumi.Input<string>[];
  readonly publicSubnetIds: readonly pulumi.Input<string>[];
  readonly zones: readonly string[];
  /** Blocks that cover the private subnets; none where the VPC's block was not told. */
  readonly privateCidrs: readonly string[];
  /** What must exist before a node can join the cluster; nothing of a VPC that is there already. */
  readonly ready: readonly pulumi.Resource[];
}

/** The VPC of the cluster: made here, or the one that the configuration names. */
export function clusterNetwork(
  name: string,
  network: NetworkChoice,
  shared: Pick<NetworkArgs, "region" | "clusterName" | "tags">,
  opts: pulumi.ComponentResourceOptions,
): ClusterNetwork {
  if ("vpcId" in network) {
    const { cidr } = network;
    return { ...network, privateCidrs: cidr === undefined ? [] : [cidr], ready: [] };
  }
  const made = new Network(name, { ...network, ...shared }, opts);
  const { vpcId, privateSubnetIds, publicSubnetIds, privateCidrs, ready } = made;
  return { vpcId, privateSubnetIds, publicSubnetIds, privateCidrs, ready, zones: network.zones };
}
