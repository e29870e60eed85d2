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

/** The quotas of instances that are called so in their names. */
function quotasOf(instances: string, onDemandCode: string, spotCode: string) {
  return {
    demand: { code: onDemandCode, name: `Running On-Demand ${instances} instances` },
    spot: { code: spotCode, name: `All ${instances} Spot Instance Requests` },
  };
}

const GRAPHICS = quotasOf("G and VT", "L-DB2E81BA", "L-3819A6DF");

/** Families of instances that share a quota, by the letters that a type's name starts with. */
const FAMILIES: Readonly<Record<string, Readonly<Record<"demand" | "spot", VcpuQuota>>>> = {
  inf: quotasOf("Inf", "L-1945791B", "L-B5D1601B"),
  trn: quotasOf("Trn", "L-2C3B7624", "L-6B0D517C"),
  dl: quotasOf("DL", "L-6E869C2A", "L-85EED4F7"),
  f: quotasOf("F", "L-74FC7D96", "L-88CF9481"),
  g: GRAPHICS,
  vt: GRAPHICS,
  p: quotasOf("P", "L-417A185B", "L-7212CCBC"),
  x: quotasOf("X", "L-7295265B", "L-E3A00192"),
  standard: quotasOf("Standard (A, C, D, H, I, M, R, T, Z)", "L-1216C47A", "L-34B43A08"),
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
