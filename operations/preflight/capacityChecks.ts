import { fail, pass, skipped, warn } from "../stack/checklist";
import { ADDRESS_QUOTA, demands, groupCapacities, withoutQuota, type VcpuQuota } from "./capacity";
import { accountCheck } from "./identityChecks";
import { judged, setCommand, type EksCheck, type EksSubject, type Problem } from "./subject";

/**
 * Zones, by id, that EKS puts no control plane in. Source: Amazon EKS User Guide, "View Amazon EKS networking requirements for
 * VPC and subnets", subnet requirements for clusters.
 */
const ZONES_WITHOUT_EKS = ["use1-az3", "usw1-az2", "cac1-az3"];

const zones = accountCheck("Zones can hold the cluster", async ({ account, cluster, stack }) => {
  const offered = await account.zones();
  const usable = offered.filter(
    ({ id, available }) => available && !ZONES_WITHOUT_EKS.includes(id),
  );
  // Where none are named, the control plane is in all zones of the network; the others hold nodes and stores alone.
  const controlPlane = cluster.controlPlaneZones ?? cluster.network.zones;
  const problems = cluster.network.zones.flatMap((name, index): Problem[] => {
    const zone = offered.find((candidate) => candidate.name === name);
    const holdsControlPlane = controlPlane.includes(name);
    if (zone !== undefined && (holdsControlPlane ? usable.includes(zone) : zone.available)) {
      return [];
    }
    const why =
      zone === undefined
        ? `the account has no zone ${name}`
        : zone.available
          ? `EKS has no control planes in ${name} (${zone.id})`
          : `${name} is not available`;
    const other = usable.find((candidate) => !cluster.network.zones.includes(candidate.name));
    return [
      {
        seen: why,
        remedy: setCommand(stack, `cluster.network.zones[${index}]`, other?.name ?? "ZONE"),
      },
    ];
  });
  return judged(problems, cluster.network.zones.join(", "));
});

/** Addresses that EKS wants free in a subnet of the control plane (same page of the user guide recommends 16). */
const FREE_ADDRESSES = 16;

const subnets = accountCheck("Subnets of the VPC fit", async ({ account, cluster, stack }) => {
  const { network } = cluster;
  if (network.kind === "create") {
    return pass("the stack makes its own");
  }
  const wanted = [...network.privateSubnetIds, ...network.publicSubnetIds];
  const found = new Map((await account.subnets(wanted)).map((subnet) => [subnet.id, subnet]));
  const problems = wanted.flatMap((id): Problem[] => {
    const subnet = found.get(id);
    const index = network.privateSubnetIds.indexOf(id);
    const path =
      index < 0
        ? `cluster.network.publicSubnetIds[${network.publicSubnetIds.indexOf(id)}]`
        : `cluster.network.privateSubnetIds[${index}]`;
    const remedy =
      `aws ec2 describe-subnets --region ${cluster.region} --filters Name=vpc-id,Values=${network.vpcId} ` +
      `--query 'Subnets[].[SubnetId,AvailabilityZone,AvailableIpAddressCount]'\n` +
      setCommand(stack, path, "subnet-...");
    if (subnet === undefined) {
      return [{ seen: `there is no subnet ${id}`, remedy }];
    }
    const zone = network.zones[index];
    return [
      ...(subnet.vpcId === network.vpcId
        ? []
        : [{ seen: `${id} is in ${subnet.vpcId}, not in ${network.vpcId}`, remedy }]),
      ...(zone === undefined || zone === subnet.zone
        ? []
        : [{ seen: `${id} is in ${subnet.zone}, not in ${zone}`, remedy }]),
      ...(subnet.freeAddresses >= FREE_ADDRESSES
        ? []
        : [{ seen: `${id} has ${subnet.freeAddresses} free addresses`, remedy }]),
    ];
  });
  return judged(problems, `${wanted.length} subnets in ${network.vpcId}`);
});

const instanceTypes = accountCheck(
  "Zones offer the instance types",
  async ({ account, cluster, config, stack }) => {
    const groups = groupCapacities(cluster, config.neuron.nodeGroups);
    const types = [...new Set(groups.map(({ instanceType }) => instanceType))];
    const offerings = await account.offerings(types);
    const problems = groups.flatMap((group): Problem[] => {
      const offering = offerings[group.instanceType] ?? [];
      if (offering.length === 0) {
        return [
          {
            seen: `${cluster.region} has no ${group.instanceType}`,
            remedy: `aws ec2 describe-instance-type-offerings --region ${cluster.region} --filters 'Name=instance-type,Values=${group.instanceType.split(".")[0]}.*'\n${setCommand(stack, group.typePath, "TYPE")}`,
          },
        ];
      }
      const missing = group.zones.filter((zone) => !offering.includes(zone));
      if (missing.length === 0) {
        return [];
      }
      const fine = group.zones.filter((zone) => offering.includes(zone));
      const named = fine.length > 0 ? fine : offering;
      return [
        {
          seen: `${missing.join(", ")} has no ${group.instanceType} (${group.name})`,
          remedy: named
            .map((zone, index) => setCommand(stack, `${group.zonesPath}[${index}]`, zone))
            .join("\n"),
        },
      ];
    });
    return judged(problems, types.join(", "));
  },
);

/** Architecture of the only image that system nodes get (AL2023_x86_64_STANDARD). */
const SYSTEM_ARCHITECTURE = "x86_64";

const architecture = accountCheck(
  "The image of the system nodes fits their type",
  async ({ account, cluster, stack }) => {
    const { instanceType } = cluster.systemNodes;
    const supported = (await account.architectures([instanceType]))[instanceType];
    if (supported === undefined) {
      return skipped(`${cluster.region} has no ${instanceType}`);
    }
    const seen = `${instanceType} is ${supported.join(", ")}`;
    return supported.includes(SYSTEM_ARCHITECTURE)
      ? pass(seen)
      : fail(
          `${seen}; the image is ${SYSTEM_ARCHITECTURE}`,
          `aws ec2 describe-instance-types --region ${cluster.region} --filters Name=processor-info.supported-architecture,Values=${SYSTEM_ARCHITECTURE} --query 'InstanceTypes[].InstanceType'\n${setCommand(stack, "cluster.systemNodes.instanceType", "TYPE")}`,
        );
  },
);

const vcpus = accountCheck("vCPU quotas are large enough", async (subject) => {
  const { account, cluster, config } = subject;
  const groups = groupCapacities(cluster, config.neuron.nodeGroups);
  const running = await account.instances();
  const types = [...groups, ...running].map(({ instanceType }) => instanceType);
  const counts = await account.vcpus([...new Set(types)]);
  const wanted = demands(groups, running, counts, cluster.name);
  const problems: Problem[] = [];
  const fine: string[] = [];
  for (const { quota, needed, usedByOthers, groups: users } of wanted) {
    const value = await account.ec2Quota(quota.code);
    const sum = needed + usedByOthers;
    const seen =
      `${quota.name}: ${value} vCPUs, ${sum} needed (${users
        .map(({ name, most, surge, instanceType }) => `${name} ${most} + ${surge} ${instanceType}`)
        .join(", ")}` + (usedByOthers > 0 ? `; ${usedByOthers} used by others)` : ")");
    if (value < sum) {
      problems.push({ seen, remedy: increase(subject, quota, sum) });
    } else {
      fine.push(`${quota.name}: ${value} for ${sum}`);
    }
  }
  const unknown = withoutQuota(groups);
  if (unknown.length === 0) {
    return judged(problems, fine.join("; "));
  }
  const unjudged = unknown.map(({ name, instanceType }) => `${instanceType} (${name})`).join(", ");
  const seen = `not known here which quota these count against: ${unjudged}`;
  const remedy = `aws service-quotas list-service-quotas --service-code ec2 --region ${cluster.region} --query 'Quotas[?contains(QuotaName, \`instances\`) || contains(QuotaName, \`Spot\`)].[QuotaCode,QuotaName,Value]' --output table`;
  return problems.length === 0
    ? warn([seen, ...fine].join("; "), remedy)
    : judged([...problems, { seen, remedy }], "");
});

const addresses = accountCheck("Elastic IP quota is large enough", async (subject) => {
  const { account, cluster } = subject;
  const { network, name } = cluster;
  if (network.kind === "existing") {
    return pass("the stack makes no NAT gateway");
  }
  const needed = network.nat === "single" ? 1 : network.zones.length;
  // The stack's own are named <cluster>-nat-<zone>.
  const others = (await account.addresses()).filter(
    (tags) => tags.Name?.startsWith(`${name}-nat-`) !== true,
  ).length;
  const value = await account.ec2Quota(ADDRESS_QUOTA.code);
  const seen = `${ADDRESS_QUOTA.name}: ${value}, ${needed} needed, ${others} used by others`;
  return value < needed + others
    ? fail(seen, increase(subject, ADDRESS_QUOTA, needed + others))
    : pass(seen);
});

function increase({ cluster }: EksSubject, { code }: VcpuQuota, value: number): string {
  return `aws service-quotas request-service-quota-increase --service-code ec2 --region ${cluster.region} --quota-code ${code} --desired-value ${value}`;
}

export const CAPACITY_CHECKS: readonly EksCheck[] = [
  zones,
  subnets,
  instanceTypes,
  architecture,
  vcpus,
  addresses,
];
