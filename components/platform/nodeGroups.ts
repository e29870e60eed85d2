import type * as pulumi from "@pulumi/pulumi";
import type { ClusterNetwork } from "./clusterNetwork";
import { NEURON_INSTANCE_TYPES } from "../../domain/neuron/instanceTypes";
import { NEURON_RESOURCE } from "../../domain/neuron/resource";
import type { EksClusterSettings } from "../../domain/settings/cluster";
import type { NeuronNodeGroup } from "../../domain/settings/neuron";
import { NodeGroup } from "./nodeGroup";

/** What all node groups of a cluster are made from. */
export interface NodeGroupsArgs extends Pick<
  EksClusterSettings,
  "kubernetesVersion" | "systemNodes"
> {
  /** Name of the cluster, known once it can take nodes. */
  readonly clusterName: pulumi.Input<string>;
  /** Role that every node takes. */
  readonly nodeRoleArn: pulumi.Input<string>;
  /** The subnets of the nodes. */
  readonly network: ClusterNetwork;
  /** Neuron node groups by name. */
  readonly neuronNodeGroups: Readonly<Record<string, NeuronNodeGroup>>;
  /** AWS tags of everything that is made. */
  readonly tags: Readonly<Record<string, string>>;
}

/** All node groups of a cluster. */
export interface NodeGroups {
  /** Nodes of everything that needs no Neuron device. */
  readonly system: NodeGroup;
  /** Neuron nodes, in the order of the configuration. */
  readonly neuron: readonly NodeGroup[];
}

/** Makes the system nodes and one group for each entry of the Neuron groups, whose taint keeps everything else away. */
export function nodeGroups(
  name: string,
  args: NodeGroupsArgs,
  opts: pulumi.ComponentResourceOptions,
): NodeGroups {
  const { clusterName, nodeRoleArn, network, kubernetesVersion, systemNodes, tags } = args;
  const shared = { clusterName, nodeRoleArn, kubernetesVersion, tags };
  return {
    system: new NodeGroup(
      `${name}-system`,
      {
        ...shared,
        ...systemNodes,
        groupName: "system",
        instanceTypes: [systemNodes.instanceType],
        subnetIds: network.privateSubnetIds,
        amiType: "AL2023_x86_64_STANDARD",
        capacity: "on-demand",
        taints: [],
        resourcesPerNode: {},
      },
      opts,
    ),
    neuron: Object.entries(args.neuronNodeGroups).map(([groupName, group]) => {
      const { devices, cores } = NEURON_INSTANCE_TYPES[group.instanceType];
      return new NodeGroup(
        `${name}-${groupName}`,
        {
          ...shared,
          ...group,
          groupName,
          instanceTypes: [group.instanceType],
          subnetIds: network.privateSubnetIds.filter(
            (_subnet, index) => group.zones?.includes(network.zones[index] ?? "") ?? true,
          ),
          amiType: "AL2023_x86_64_NEURON",
          taints: [{ key: NEURON_RESOURCE, value: "true" }],
          resourcesPerNode: {
            [NEURON_RESOURCE]: devices,
            "aws.amazon.com/neuroncore": cores,
          },
        },
        opts,
      );
    }),
  };
}
