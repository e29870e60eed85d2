import type * as pulumi from "@pulumi/pulumi";
import type { EksClusterSettings } from "../../domain/settings/cluster";
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
  /** The subnets that EKS puts its own network interfaces in: those in the zones of the cluster's creation. */
  readonly controlPlane: {
    /** Subnets of the nodes, in these zones. */
    readonly privateSubnetIds: readonly pulumi.Input<string>[];
    /** Subnets of load balancers with a public address, in these zones. */
    readonly publicSubnetIds: readonly pulumi.Input<string>[];
  };
  /** What must exist before a node can join the cluster; nothing of a VPC that is there already. */
  readonly ready: readonly pulumi.Resource[];
}

/** The VPC of the cluster: made here, or the one that the configuration names. */
export function clusterNetwork(
  name: string,
  { network, controlPlaneZones }: Pick<EksClusterSettings, "controlPlaneZones" | "network">,
  shared: Pick<NetworkArgs, "region" | "clusterName" | "tags">,
  opts: pulumi.ComponentResourceOptions,
): ClusterNetwork {
  const { zones } = network;
  const { vpcId, privateSubnetIds, publicSubnetIds, privateCidrs, ready } =
    network.kind === "existing"
      ? { ...network, privateCidrs: network.cidr === undefined ? [] : [network.cidr], ready: [] }
      : new Network(name, { ...network, ...shared }, opts);
  const ofControlPlane = (subnetIds: readonly pulumi.Input<string>[]) =>
    // Public subnets that are not one per zone cannot be told apart; the configuration refuses them where it would matter.
    controlPlaneZones === undefined || subnetIds.length !== zones.length
      ? subnetIds
      : subnetIds.filter((_subnet, index) => controlPlaneZones.includes(zones[index] ?? ""));
  return {
    vpcId,
    privateSubnetIds,
    publicSubnetIds,
    privateCidrs,
    ready,
    zones,
    controlPlane: {
      privateSubnetIds: ofControlPlane(privateSubnetIds),
      publicSubnetIds: ofControlPlane(publicSubnetIds),
    },
  };
}
