import type {
  Account,
  AddonVersion,
  ClusterVersion,
  ExistingCluster,
  HostedZone,
  Identity,
  Instance,
  Subnet,
  Tags,
  Zone,
} from "./account";
import { known, tagsOf, valuesOfTypes } from "./awsAnswers";
import { loadClients, type Access, type Clients, type Modules } from "./awsClients";

/** SSM answers for at most this many names in one call (API reference, GetParameters). */
const NAMES_PER_CALL = 10;

/** The account of the usual AWS credentials, asked by the official SDK. */
export async function awsAccount(region: string, access: Access = {}): Promise<Account> {
  const { clients, modules } = await loadClients(region, access);
  return new AwsAccount(region, clients, modules);
}

class AwsAccount implements Account {
  public constructor(
    public readonly region: string,
    private readonly clients: Clients,
    private readonly modules: Modules,
  ) {}

  public async identity(): Promise<Identity> {
    const { sts } = this.modules;
    const { Account: account, Arn: arn } = await this.clients.sts.send(
      new sts.GetCallerIdentityCommand({}),
    );
    return { account: known(account, "Account"), arn: known(arn, "Arn") };
  }

  public async zones(): Promise<Zone[]> {
    const { ec2 } = this.modules;
    const { AvailabilityZones: zones = [] } = await this.clients.ec2.send(
      new ec2.DescribeAvailabilityZonesCommand({
        Filters: [{ Name: "zone-type", Values: ["availability-zone"] }],
      }),
    );
    return zones.map(({ ZoneName: name, ZoneId: id, State: state }) => ({
      name: known(name, "ZoneName"),
      id: known(id, "ZoneId"),
      available: state === "available",
    }));
  }

  public async subnets(ids: readonly string[]): Promise<Subnet[]> {
    const { ec2 } = this.modules;
    const found: Subnet[] = [];
    // A filter instead of SubnetIds: an unknown id is then left out instead of failing the call for all.
    for await (const page of ec2.paginateDescribeSubnets(
      { client: this.clients.ec2 },
      { Filters: [{ Name: "subnet-id", Values: [...ids] }] },
    )) {
      for (const subnet of page.Subnets ?? []) {
        found.push({
          id: known(subnet.SubnetId, "SubnetId"),
          vpcId: known(subnet.VpcId, "VpcId"),
          zone: known(subnet.AvailabilityZone, "AvailabilityZone"),
          freeAddresses: subnet.AvailableIpAddressCount ?? 0,
        });
      }
    }
    return found;
  }

  public async clusterVersion(version: string): Promise<ClusterVersion | undefined> {
    const { eks } = this.modules;
    const { clusterVersions = [] } = await this.clients.eks.send(
      new eks.DescribeClusterVersionsCommand({ includeAll: true }),
    );
    const found = clusterVersions.find(({ clusterVersion }) => clusterVersion === version);
    return found === undefined
      ? undefined
      : {
          status: known(found.versionStatus, "versionStatus"),
          endOfStandardSupport: found.endOfStandardSupportDate,
        };
  }

  public async addonVersions(addon: string, kubernetesVersion: string): Promise<AddonVersion[]> {
    const { eks } = this.modules;
    const found: AddonVersion[] = [];
    for await (const { addons = [] } of eks.paginateDescribeAddonVersions(
      { client: this.clients.eks },
      { addonName: addon, kubernetesVersion },
    )) {
      for (const { addonVersion, compatibilities = [] } of addons.flatMap(
        ({ addonVersions = [] }) => addonVersions,
      )) {
        const compatible = compatibilities.filter(
          ({ clusterVersion }) => clusterVersion === kubernetesVersion,
        );
        if (compatible.length > 0) {
          found.push({
            version: known(addonVersion, "addonVersion"),
            isDefault: compatible.some(({ defaultVersion }) => defaultVersion === true),
          });
        }
      }
    }
    return found;
  }

  public async parameters(names: readonly string[]): Promise<Record<string, string>> {
    const { ssm } = this.modules;
    const found: Record<string, string> = {};
    for (let start = 0; start < names.length; start += NAMES_PER_CALL) {
      const { Parameters: parameters = [] } = await this.clients.ssm.send(
        new ssm.GetParametersCommand({ Names: names.slice(start, start + NAMES_PER_CALL) }),
      );
      for (const { Name: name, Value: value } of parameters) {
        found[known(name, "Name")] = known(value, "Value");
      }
    }
    return found;
  }

  public async offerings(instanceTypes: readonly string[]): Promise<Record<string, string[]>> {
    const { ec2 } = this.modules;
    const found: Record<string, string[]> = {};
    for await (const {
      InstanceTypeOfferings: offerings = [],
    } of ec2.paginateDescribeInstanceTypeOfferings(
      { client: this.clients.ec2 },
      {
        LocationType: "availability-zone",
        Filters: [{ Name: "instance-type", Values: [...instanceTypes] }],
      },
    )) {
      for (const { InstanceType: type, Location: zone } of offerings) {
        (found[known(type, "InstanceType")] ??= []).push(known(zone, "Location"));
      }
    }
    return found;
  }

  public vcpus(instanceTypes: readonly string[]): Promise<Record<string, number>> {
    return valuesOfTypes(this.modules.ec2, this.clients.ec2, instanceTypes, ({ VCpuInfo: cpu }) =>
      known(cpu?.DefaultVCpus, "DefaultVCpus"),
    );
  }

  public architectures(instanceTypes: readonly string[]): Promise<Record<string, string[]>> {
    return valuesOfTypes(
      this.modules.ec2,
      this.clients.ec2,
      instanceTypes,
      ({ ProcessorInfo: processor }) =>
        known(processor?.SupportedArchitectures, "SupportedArchitectures"),
    );
  }

  public async instances(): Promise<Instance[]> {
    const { ec2 } = this.modules;
    const found: Instance[] = [];
    for await (const { Reservations: reservations = [] } of ec2.paginateDescribeInstances(
      { client: this.clients.ec2 },
      { Filters: [{ Name: "instance-state-name", Values: ["pending", "running"] }] },
    )) {
      for (const instance of reservations.flatMap(({ Instances: instances = [] }) => instances)) {
        found.push({
          instanceType: known(instance.InstanceType, "InstanceType"),
          spot: instance.InstanceLifecycle === "spot",
          tags: tagsOf(instance.Tags),
        });
      }
    }
    return found;
  }

  public async addresses(): Promise<Tags[]> {
    const { ec2 } = this.modules;
    const { Addresses: addresses = [] } = await this.clients.ec2.send(
      new ec2.DescribeAddressesCommand({}),
    );
    return addresses.map(({ Tags: tags }) => tagsOf(tags));
  }

  public async ec2Quota(code: string): Promise<number> {
    const { quotas } = this.modules;
    const quota = { ServiceCode: "ec2", QuotaCode: code };
    try {
      const { Quota: applied } = await this.clients.quotas.send(
        new quotas.GetServiceQuotaCommand(quota),
      );
      return known(applied?.Value, "Value");
    } catch (error) {
      // An account that never had a value of its own has AWS's default.
      if (!(error instanceof quotas.NoSuchResourceException)) {
        throw error;
      }
      const { Quota: usual } = await this.clients.quotas.send(
        new quotas.GetAWSDefaultServiceQuotaCommand(quota),
      );
      return known(usual?.Value, "Value");
    }
  }

  public async hostedZone(id: string): Promise<HostedZone | undefined> {
    const { route53 } = this.modules;
    try {
      const { HostedZone: zone } = await this.clients.route53.send(
        new route53.GetHostedZoneCommand({ Id: id }),
      );
      return {
        name: known(zone?.Name, "Name").replace(/\.$/, ""),
        isPrivate: zone?.Config?.PrivateZone === true,
      };
    } catch (error) {
      if (error instanceof route53.NoSuchHostedZone) {
        return undefined;
      }
      throw error;
    }
  }

  public async cluster(name: string): Promise<ExistingCluster | undefined> {
    const { eks } = this.modules;
    try {
      const { cluster } = await this.clients.eks.send(new eks.DescribeClusterCommand({ name }));
      return {
        version: known(cluster?.version, "version"),
        status: known(cluster?.status, "status"),
        endpoint: cluster?.endpoint,
      };
    } catch (error) {
      if (error instanceof eks.ResourceNotFoundException) {
        return undefined;
      }
      throw error;
    }
  }

  public async logGroup(name: string): Promise<Tags | undefined> {
    const { logs } = this.modules;
    // A prefix finds longer names, too; no page of them can end before the name itself, which sorts first.
    const { logGroups = [] } = await this.clients.logs.send(
      new logs.DescribeLogGroupsCommand({ logGroupNamePrefix: name }),
    );
    const found = logGroups.find(({ logGroupName }) => logGroupName === name);
    if (found === undefined) {
      return undefined;
    }
    const { tags = {} } = await this.clients.logs.send(
      new logs.ListTagsForResourceCommand({ resourceArn: known(found.logGroupArn, "logGroupArn") }),
    );
    return tags;
  }
}
