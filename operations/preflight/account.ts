/** What the preflight asks of an AWS account in one region: its own words for the answers, so that no check knows the SDK. */
export interface Account {
  readonly region: string;
  identity(): Promise<Identity>;
  /** Zones of the region that the account may use. */
  zones(): Promise<readonly Zone[]>;
  subnets(ids: readonly string[]): Promise<readonly Subnet[]>;
  /** What EKS says of a minor Kubernetes version; undefined when it does not know it. */
  clusterVersion(version: string): Promise<ClusterVersion | undefined>;
  /** Versions of an add-on for a minor Kubernetes version, the newest first; none when EKS does not know the add-on. */
  addonVersions(addon: string, kubernetesVersion: string): Promise<readonly AddonVersion[]>;
  /** Values of those SSM parameters of the names that exist. */
  parameters(names: readonly string[]): Promise<Readonly<Record<string, string>>>;
  /** Zones that offer each instance type; a type that the region does not have is left out. */
  offerings(instanceTypes: readonly string[]): Promise<Readonly<Record<string, readonly string[]>>>;
  /** vCPUs of each instance type that the region has. */
  vcpus(instanceTypes: readonly string[]): Promise<Readonly<Record<string, number>>>;
  /** Architectures, such as `x86_64`, of each instance type that the region has. */
  architectures(
    instanceTypes: readonly string[],
  ): Promise<Readonly<Record<string, readonly string[]>>>;
  /** Instances that count against quotas: pending and running ones. */
  instances(): Promise<readonly Instance[]>;
  /** Tags of each Elastic IP address that the account holds. */
  addresses(): Promise<readonly Tags[]>;
  /** The account's value of an EC2 quota. */
  ec2Quota(code: string): Promise<number>;
  /** A hosted zone of Route 53; undefined when the account has none of the id. */
  hostedZone(id: string): Promise<HostedZone | undefined>;
  /** A cluster of the account; undefined when there is none of the name. */
  cluster(name: string): Promise<ExistingCluster | undefined>;
  /** Tags of the log group of exactly this name; undefined when there is none. */
  logGroup(name: string): Promise<Tags | undefined>;
}

export type Tags = Readonly<Record<string, string>>;

/** Whom AWS takes the caller for. */
export interface Identity {
  readonly account: string;
  readonly arn: string;
}

export interface Zone {
  readonly name: string;
  /** The same zone in every account, such as `use1-az3`; names differ between accounts. */
  readonly id: string;
  /** Whether AWS says `available`. */
  readonly available: boolean;
}

export interface Subnet {
  readonly id: string;
  readonly vpcId: string;
  readonly zone: string;
  readonly freeAddresses: number;
}

export interface ClusterVersion {
  readonly status: "STANDARD_SUPPORT" | "EXTENDED_SUPPORT" | "UNSUPPORTED";
  readonly endOfStandardSupport: Date | undefined;
}

export interface AddonVersion {
  readonly version: string;
  /** Whether EKS would take it when asked for none. */
  readonly isDefault: boolean;
}

export interface Instance {
  readonly instanceType: string;
  readonly spot: boolean;
  readonly tags: Tags;
}

export interface HostedZone {
  /** Its domain, without the dot of the root. */
  readonly name: string;
  /** Whether it answers inside networks alone. */
  readonly isPrivate: boolean;
}

export interface ExistingCluster {
  readonly version: string;
  readonly status: string;
  /** `https://...`; undefined while it is being made. */
  readonly endpoint: string | undefined;
}
