import type * as pulumi from "@pulumi/pulumi";
import type { ClusterNetwork } from "./clusterNetwork";
import { SYSTEM_NODE_GROUP } from "../../domain/awsNames";
import { NEURON_INSTANCE_TYPES } from "../../domain/neuron/instanceTypes";
import { NEURON_CORE_RESOURCE, NEURON_RESOURCE } from "../../domain/neuron/resource";
import { UPDATE_STRATEGY_OF } from "../../domain/nodeUpdates";
import type { EksClusterSettings } from "../../domain/settings/cluster";
import { REPLICA_START_MINUTES } from "../../domain/timing";
import type { NeuronNodeGroup } from "../../domain/settings/neuron";
import type { LiveSizes } from "./liveSizes";
import type { ClusterAddress } from "./customImage";
import { DRAIN_MINUTES, NodeGroup } from "./nodeGroup";

/** What all node groups of a cluster are made from. */
export interface NodeGroupsArgs extends Pick<
  EksClusterSettings,
  "kubernetesVersion" | "systemNodes"
> {
  /** Name of the cluster, known once it can take nodes. */
  readonly clusterName: pulumi.Input<string>;
  /** Where nodes of an image of one's own find the cluster. */
  readonly clusterAddress: pulumi.Input<ClusterAddress>;
  /** What the autoscaler made of the cluster's groups by now. */
  readonly liveSizes: pulumi.Input<LiveSizes>;
  /** Role that every node takes. */
  readonly nodeRoleArn: pulumi.Input<string>;
  /** The subnets of the nodes. */
  readonly network: ClusterNetwork;
  /** Neuron node groups by name. */
  readonly neuronNodeGroups: Readonly<Record<string, NeuronNodeGroup>>;
  /** AWS tags of everything that is made. */
  readonly tags: Readonly<Record<string, string>>;
}

/** Minutes until a new instance is a ready node. An assumption with room; nobody measured it for this program. */
const INSTANCE_MINUTES = 10;

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
  const { network, systemNodes } = args;
  const { clusterName, liveSizes, nodeRoleArn, kubernetesVersion, tags } = args;
  const shared = { clusterName, liveSizes, nodeRoleArn, tags };
  return {
    system: new NodeGroup(
      `${name}-${SYSTEM_NODE_GROUP}`,
      {
        ...shared,
        ...systemNodes,
        groupName: SYSTEM_NODE_GROUP,
        instanceTypes: [systemNodes.instanceType],
        subnetIds: network.privateSubnetIds,
        image: {
          amiType: "AL2023_x86_64_STANDARD",
          release: systemNodes.amiRelease,
          kubernetesVersion,
        },
        capacity: "on-demand",
        taints: [],
        updateStrategy: UPDATE_STRATEGY_OF.system,
        updateMinutesPerNode: DRAIN_MINUTES + INSTANCE_MINUTES,
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
          image:
            group.amiId === undefined
              ? {
                  amiType: "AL2023_x86_64_NEURON",
                  // A rule refuses a group without a release that the table knows.
                  release: group.amiRelease ?? "",
                  kubernetesVersion,
                }
              : { amiId: group.amiId, cluster: args.clusterAddress },
          taints: [{ key: NEURON_RESOURCE, value: "true" }],
          updateStrategy: UPDATE_STRATEGY_OF.neuron,
          updateMinutesPerNode: DRAIN_MINUTES + INSTANCE_MINUTES + REPLICA_START_MINUTES,
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
