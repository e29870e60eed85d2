import { SYSTEM_NODE_GROUP } from "../../domain/awsNames";
import { surgeNodes, UPDATE_STRATEGY_OF } from "../../domain/nodeUpdates";
import type { ParsedConfig } from "../../domain/settings/schema";
import type { Instance } from "./account";
import type { EksSettings } from "./subject";

/** Nodes of one group at their most. */
export interface GroupCapacity {
  readonly name: string;
  readonly instanceType: string;
  readonly spot: boolean;
  /** Zones that the group's subnets are in. */
  readonly zones: readonly string[];
  /** Path of the setting that names the zones. */
  readonly zonesPath: string;
  /** Path of the setting that names the instance type. */
  readonly typePath: string;
  /** Nodes that the autoscaler may grow it to. */
  readonly most: number;
  /** Nodes that an update in place starts beside them. */
  readonly surge: number;
}

/** The groups of a stack. */
export function groupCapacities(
  { network, systemNodes }: EksSettings,
  groups: ParsedConfig["neuron"]["nodeGroups"],
): GroupCapacity[] {
  return [
    {
      name: SYSTEM_NODE_GROUP,
      instanceType: systemNodes.instanceType,
      spot: false,
      zones: network.zones,
      zonesPath: "cluster.network.zones",
      typePath: "cluster.systemNodes.instanceType",
      most: systemNodes.maxSize,
      surge: surgeNodes(UPDATE_STRATEGY_OF.system, network.zones.length),
    },
    ...Object.entries(groups).map(([name, group]) => {
      const zones = group.zones ?? network.zones;
      return {
        name,
        instanceType: group.instanceType,
        spot: group.capacity === "spot",
        zones,
        zonesPath: `neuron.nodeGroups.${name}.zones`,
        typePath: `neuron.nodeGroups.${name}.instanceType`,
        most: group.maxSize,
        surge: surgeNodes(UPDATE_STRATEGY_OF.neuron, zones.length),
      };
    }),
  ];
}

/** One vCPU quota of EC2. */
export interface VcpuQuota {
  readonly code: string;
  readonly name: string;
}

const GRAPHICS = {
  demand: { code: "L-DB2E81BA", name: "Running On-Demand G and VT instances" },
  spot: { code: "L-3819A6DF", name: "All G and VT Spot Instance Requests" },
};

/** Families of instances that share a quota, by the letters that a type's name starts with. */
const FAMILIES: Readonly<Record<string, { readonly demand: VcpuQuota; readonly spot: VcpuQuota }>> =
  {
    inf: {
      demand: { code: "L-1945791B", name: "Running On-Demand Inf instances" },
      spot: { code: "L-B5D1601B", name: "All Inf Spot Instance Requests" },
    },
    trn: {
      demand: { code: "L-2C3B7624", name: "Running On-Demand Trn instances" },
      spot: { code: "L-6B0D517C", name: "All Trn Spot Instance Requests" },
    },
    dl: {
      demand: { code: "L-6E869C2A", name: "Running On-Demand DL instances" },
      spot: { code: "L-85EED4F7", name: "All DL Spot Instance Requests" },
    },
    f: {
      demand: { code: "L-74FC7D96", name: "Running On-Demand F instances" },
      spot: { code: "L-88CF9481", name: "All F Spot Instance Requests" },
    },
    g: GRAPHICS,
    vt: GRAPHICS,
    p: {
      demand: { code: "L-417A185B", name: "Running On-Demand P instances" },
      spot: { code: "L-7212CCBC", name: "All P Spot Instance Requests" },
    },
    x: {
      demand: { code: "L-7295265B", name: "Running On-Demand X instances" },
      spot: { code: "L-E3A00192", name: "All X Spot Instance Requests" },
    },
    standard: {
      demand: {
        code: "L-1216C47A",
        name: "Running On-Demand Standard (A, C, D, H, I, M, R, T, Z) instances",
      },
      spot: {
        code: "L-34B43A08",
        name: "All Standard (A, C, D, H, I, M, R, T, Z) Spot Instance Requests",
      },
    },
  };
/** im4gn and is4gen are of the I family. */
const STANDARD = /^([acdhimrtz]|im|is)$/;

/** Quota of addresses: one for each NAT gateway. */
export const ADDRESS_QUOTA = { code: "L-0263D0A3", name: "EC2-VPC Elastic IPs" };

/**
 * The quota that an instance counts against; undefined for families whose quota is not known here.
 *
 * Source of families and names: Amazon EC2 User Guide, "On-Demand Instance quotas" and "Spot Instance quotas". Source of the
 * codes: several public tools that read them from the Service Quotas API agree on each.
 */
export function quotaOf(instanceType: string, spot: boolean): VcpuQuota | undefined {
  // The letters before the generation's number: m of m7i.large.
  const letters = /^[a-z]+/.exec(instanceType)?.[0] ?? "";
  return FAMILIES[STANDARD.test(letters) ? "standard" : letters]?.[spot ? "spot" : "demand"];
}

/** vCPUs of a quota: what the stack may need, and what others use now. */
export interface Demand {
  readonly quota: VcpuQuota;
  readonly groups: readonly GroupCapacity[];
  readonly needed: number;
  readonly usedByOthers: number;
}

/** Tag that EKS gives to the instances of a managed node group. */
const CLUSTER_TAG = "eks:cluster-name";

/** Groups whose quota is not known here: nobody can say whether it is large enough. */
export function withoutQuota(groups: readonly GroupCapacity[]): GroupCapacity[] {
  return groups.filter(({ instanceType, spot }) => quotaOf(instanceType, spot) === undefined);
}

/** vCPUs of the groups at their most with an update under way, by quota; without the groups of {@link withoutQuota}. */
export function demands(
  groups: readonly GroupCapacity[],
  instances: readonly Instance[],
  vcpus: Readonly<Record<string, number>>,
  clusterName: string,
): Demand[] {
  const byCode = new Map<string, Demand>();
  for (const group of groups) {
    const quota = quotaOf(group.instanceType, group.spot);
    if (quota === undefined) {
      continue;
    }
    const before = byCode.get(quota.code);
    const nodes = group.most + group.surge;
    byCode.set(quota.code, {
      quota,
      groups: [...(before?.groups ?? []), group],
      needed: (before?.needed ?? 0) + nodes * (vcpus[group.instanceType] ?? 0),
      usedByOthers: instances
        .filter(
          ({ instanceType, spot, tags }) =>
            tags[CLUSTER_TAG] !== clusterName && quotaOf(instanceType, spot)?.code === quota.code,
        )
        .reduce((sum, { instanceType }) => sum + (vcpus[instanceType] ?? 0), 0),
    });
  }
  return [...byCode.values()];
}
