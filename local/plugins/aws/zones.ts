import { isTree, type Properties } from "../properties";

/** The id of a new subnet: 17 hex digits, as AWS's have, the last of which is the letter of its zone. */
export function subnetId(inputs: Properties, unique: string): string {
  const { availabilityZone } = inputs;
  const letter = typeof availabilityZone === "string" ? availabilityZone.slice(-1) : "";
  return `subnet-${unique}${letter}`;
}

/**
 * Why EKS would refuse other subnets for an existing control plane; undefined when it would not. Its zones are those of its creation:
 * none may be added, and each needs a subnet. Source: Amazon EKS User Guide, "VPC requirements and considerations".
 *
 * Subnets that the stand-in did not make have no zone that it knows, and are let through.
 */
export function zoneRefusal(before: Properties, after: Properties): string | undefined {
  const [old, wanted] = [zonesOf(before), zonesOf(after)];
  const added = wanted.filter((zone) => !old.includes(zone));
  const missing = old.filter((zone) => !wanted.includes(zone));
  return old.length === 0 || wanted.length === 0 || (added.length === 0 && missing.length === 0)
    ? undefined
    : `InvalidParameterException: provided subnets are in zones ${wanted.join(", ")}; the control plane was made in ${old.join(", ")}, and takes subnets of these zones, all of them, alone`;
}

function zonesOf({ vpcConfig }: Properties): string[] {
  const subnetIds: unknown = isTree(vpcConfig) ? vpcConfig.subnetIds : undefined;
  const zones = (Array.isArray(subnetIds) ? subnetIds : []).flatMap((id: unknown) =>
    typeof id === "string" ? (/^subnet-[0-9a-f]{16}([a-f])$/.exec(id)?.slice(1) ?? []) : [],
  );
  return [...new Set(zones)].sort();
}
