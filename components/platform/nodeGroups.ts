import type * as pulumi from "@pulumi/pulumi";
import type { ClusterNetwork } from "./clusterNetwork";
import {
  NEURON_INSTANCE_TYPES,
  type NeuronInstanceTypeName,
} from "../../domain/neuron/instanceTypes";
import { NodeGroup, type Capacity } from "./nodeGroup";
import { NEURON_CORE_RESOURCE, NEURON_RESOURCE } from "../../domain/neuron/resource";

/** The nodes of everything that needs no Neuron device. */
export interface SystemNodes {
  readonly instanceType: string;
  readonly minSize: number;
  readonly maxSize: number;
  readonly amiRelease: string;
  readonly diskGiB: number;
}

/** One group of Neuron nodes. */
export interface NeuronNodeGroup {
  readonly instanceType: NeuronInstanceTypeName;
  readonly minSize: number;
  readonly maxSize: number;
  readonly amiRelease: string;
  readonly diskGiB: number;
  readonly capacity: Capacity;
  readonly capacityReservationId?: string | undefined;
  /** Zones of the group, all when absent: Inf2 is not offered in every zone. */
  readonly zones?: readonly string[] | undefined;
}

export interface NodeGroupsArgs {
  readonly clusterName: pulumi.Input<string>;
  readonly nodeRoleArn: pulumi.Input<string>;
  readonly network: ClusterNetwork;
  readonly kubernetesVersion: string;
  readonly systemNodes: SystemNodes;
  readonly neuronNodeGroups: Readonly<Record<string, NeuronNodeGroup>>;
  readonly tags: Readonly<Record<string, string>>;
}

/** All node groups of a cluster. */
export interface NodeGroups {
  readonly system: NodeGroup;
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
            [NEURON_CORE_RESOURCE]: cores,
          },
        },
        opts,
      );
    }),
  };
}
