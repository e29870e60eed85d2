import { blockProblems, WIDEST_NETWORK_PREFIX } from "../../domain/addressBlocks";
import { checkVpc, isBlock, overlap, parseCidr, planSubnets } from "../../domain/cidr";
import { messageOf } from "../../domain/failure";
import { itemProblems, type ConfigProblem } from "./problems";
import type { Rule } from "./rule";

/** The VPC's own block: that of a new one has room for the subnets, that of one that is there is as large as AWS makes them. */
export const vpcHasRoom: Rule = ({ cluster }) => {
  if (cluster.kind !== "eks") {
    return [];
  }
  const { network } = cluster;
  const { cidr } = network;
  if (cidr === undefined) {
    return [];
  }
  try {
    if (network.kind === "create") {
      planSubnets(network.cidr, network.zones);
    } else {
      checkVpc(cidr);
    }
    return [];
  } catch (error) {
    return [{ path: ["cluster", "network", "cidr"], value: cidr, message: messageOf(error) }];
  }
};

/** Other networks' machines come from blocks of their own, none of which is half of all addresses. */
export const connectedNetworksAreOthers: Rule = ({ cluster }) => {
  if (cluster.kind !== "eks") {
    return [];
  }
  const { cidr, connectedCidrs } = cluster.network;
  const found = blockProblems(connectedCidrs, (connected) => {
    const { prefix } = parseCidr(connected);
    if (prefix < WIDEST_NETWORK_PREFIX) {
      return `is wider than a /${WIDEST_NETWORK_PREFIX}, which no network has; write the blocks that its machines come from`;
    }
    return cidr !== undefined && isBlock(cidr) && overlap(cidr, connected)
      ? `overlaps the VPC's ${cidr}; ${cluster.network.kind === "create" ? "choose another block for the VPC" : "leave out what is the VPC's own"}`
      : undefined;
  });
  return itemProblems(["cluster", "network", "connectedCidrs"], connectedCidrs, found);
};

/** A zone that is named twice, and what else is wrong with one; undefined where nothing is. */
function zoneProblems(
  path: readonly string[],
  zones: readonly string[],
  judge: (zone: string) => string | undefined,
): ConfigProblem[] {
  const found = zones.flatMap((zone, index) => {
    const message =
      zones.indexOf(zone) < index ? "is named twice; name each zone once" : judge(zone);
    return message === undefined ? [] : [{ index, message }];
  });
  return itemProblems(path, zones, found);
}

/** What is wrong with a zone that has no subnets. */
function outside(zones: readonly string[], zone: string): string | undefined {
  return zones.includes(zone) ? undefined : `is not a zone of the network; use ${zones.join(", ")}`;
}

export const zonesAreDistinct: Rule = (config) => {
  if (config.cluster.kind !== "eks") {
    return [];
  }
  const { network, region } = config.cluster;
  const path = ["cluster", "network", "zones"];
  return [
    ...zoneProblems(path, network.zones, (zone) =>
      zone.startsWith(region) ? undefined : `is not in region ${region}`,
    ),
    ...(network.kind === "existing" && network.privateSubnetIds.length !== network.zones.length
      ? [
          {
            path: ["cluster", "network", "privateSubnetIds"],
            value: network.privateSubnetIds,
            message: `has ${network.privateSubnetIds.length} subnets for ${network.zones.length} zones; write one per zone`,
          },
        ]
      : []),
    ...Object.entries(config.neuron.nodeGroups).flatMap(([name, group]) =>
      (group.zones ?? []).flatMap((zone) => {
        const message = outside(network.zones, zone);
        const path = ["neuron", "nodeGroups", name, "zones"];
        return message === undefined ? [] : [{ path, value: zone, message }];
      }),
    ),
  ];
};

/** Each subnet is one place; EKS and the load balancer controller refuse one that is named twice. */
export const subnetsAreDistinct: Rule = ({ cluster }) => {
  if (cluster.kind !== "eks" || cluster.network.kind !== "existing") {
    return [];
  }
  const { privateSubnetIds, publicSubnetIds } = cluster.network;
  const named = [
    ...privateSubnetIds.map((id, index) => ({ field: "privateSubnetIds", id, index })),
    ...publicSubnetIds.map((id, index) => ({ field: "publicSubnetIds", id, index })),
  ];
  return named.flatMap(({ field, id, index }, place) => {
    const first = named.findIndex((other) => other.id === id);
    const before = named[first];
    return first === place || before === undefined
      ? []
      : [
          {
            path: ["cluster", "network", field, index],
            value: id,
            message: `is ${before.field}.${before.index} already; write another subnet`,
          },
        ];
  });
};

/**
 * The program cannot see which zones a cluster was made with, and EKS refuses to add or to leave out one of them. Two zones are those; of
 * three the last may have come later, so that the stack has to say.
 */
export const controlPlaneZonesAreKnown: Rule = (config) => {
  if (config.cluster.kind !== "eks") {
    return [];
  }
  const { network, controlPlaneZones: chosen } = config.cluster;
  const path = ["cluster", "controlPlaneZones"];
  if (chosen === undefined) {
    return network.zones.length > 2
      ? [
          {
            path,
            message: `is missing; write the zones that the cluster is or was made with, which never change: [${network.zones.join(", ")}], or without the one that was appended later`,
          },
        ]
      : [];
  }
  const publicSubnets = network.kind === "existing" ? network.publicSubnetIds : [];
  return [
    ...zoneProblems(path, chosen, (zone) => outside(network.zones, zone)),
    ...(chosen.length < network.zones.length &&
    publicSubnets.length > 0 &&
    publicSubnets.length !== network.zones.length
      ? [
          {
            path: ["cluster", "network", "publicSubnetIds"],
            value: publicSubnets,
            message: `has ${publicSubnets.length} subnets for ${network.zones.length} zones; write one per zone, in the order of zones, so that those of controlPlaneZones can be told`,
          },
        ]
      : []),
  ];
};
