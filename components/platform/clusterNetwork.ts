import type * as pulumi from "@pulumi/pulumi";
import type { NetworkSettings } from "../../domain/settings/cluster";
import { Network, type NetworkArgs } from "./network";

/** What the rest of the platform needs to know of its VPC. */
export interface ClusterNetwork {
  /** Id of the VPC. */
  readonly vpcId: pulumi.Input<string>;
  /** One per zone, in the order of `zones`. */
  readonly privateSubnetIds: readonly pulumi.Input<string>[];
  /** Subnets of load balancers with a public address; none where an existing network has none. */
  readonly publicSubnetIds: readonly pulumi.Input<string>[];
  /** Availability zones by name. */
  readonly zones: readonly string[];
  /** Blocks that cover the private subnets; none where the VPC's block was not told. */
  readonly privateCidrs: readonly string[];
  /** What must exist before a node can join the cluster; nothing of a VPC that is there already. */
  readonly ready: readonly pulumi.Resource[];
}

/** The VPC of the cluster: made here, or the one that the configuration names. */
export function clusterNetwork(
  name: string,
  network: NetworkSettings,
  shared: Pick<NetworkArgs, "region" | "clusterName" | "tags">,
  opts: pulumi.ComponentResourceOptions,
): ClusterNetwork {
  if (network.kind === "existing") {
    const { cidr } = network;
    const { vpcId, privateSubnetIds, publicSubnetIds, zones } = network;
    return {
      vpcId,
      privateSubnetIds,
      publicSubnetIds,
      zones,
      privateCidrs: cidr === undefined ? [] : [cidr],
      ready: [],
    };
  }
  const made = new Network(name, { ...network, ...shared }, opts);
  const { vpcId, privateSubnetIds, publicSubnetIds, privateCidrs, ready } = made;
  return { vpcId, privateSubnetIds, publicSubnetIds, privateCidrs, ready, zones: network.zones };
}
