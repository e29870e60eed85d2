import * as aws from "@pulumi/aws";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import {
  CLUSTER_AUTOSCALER_ACCOUNT,
  Controllers,
  LOAD_BALANCER_CONTROLLER_ACCOUNT,
} from "../addons/controllers";
import type { StoreEndpoints } from "../litellm/storeEndpoint";
import { Network, type NetworkArgs } from "../network/network";
import { NEURON_RESOURCE } from "../placement";
import { ClusterAddons } from "./addons";
import { ArtifactStore } from "./artifactStore";
import type { AddonName } from "./addonNames";
import { Cluster } from "./cluster";
import {
  clusterAutoscalerStatements,
  loadBalancerControllerStatements,
} from "./controllerPolicies";
import { PodRole } from "./iam";
import { NEURON_INSTANCE_TYPES, type NeuronInstanceTypeName } from "./instanceTypes";
import { ManagedCache, type ManagedCacheSettings } from "./managedCache";
import { ManagedDatabase, type ManagedDatabaseSettings } from "./managedDatabase";
import type { ManagedStoreArgs } from "./managedStore";
import { NodeGroup, type Capacity } from "./nodeGroup";
import { providerSettings, type Platform } from "./platform";

/** A VPC that exists already. */
export interface ExistingNetwork {
  readonly vpcId: string;
  /** One private subnet per zone, in the order of `zones`. */
  readonly privateSubnetIds: readonly string[];
  readonly publicSubnetIds: readonly string[];
  readonly zones: readonly string[];
  /** IPv4 block of the VPC; needed for managed stores alone. */
  readonly cidr?: string | undefined;
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

export interface EksPlatformArgs {
  readonly name: string;
  readonly region: string;
  readonly environment: string;
  readonly kubernetesVersion: string;
  readonly network: Omit<NetworkArgs, "region" | "clusterName" | "tags"> | ExistingNetwork;
  readonly publicAccessCidrs: readonly string[];
  readonly administratorRoleArns: readonly string[];
  /** Guards cluster and file system against deletion. */
  readonly deletionProtection: boolean;
  readonly addonVersions: Readonly<Record<AddonName, string>>;
  readonly chartVersions: {
    readonly clusterAutoscaler: string;
    readonly loadBalancerController: string;
  };
  readonly systemNodes: {
    readonly instanceType: string;
    readonly minSize: number;
    readonly maxSize: number;
    readonly amiRelease: string;
    readonly diskGiB: number;
  };
  readonly neuronNodeGroups: Readonly<Record<string, NeuronNodeGroup>>;
  readonly database:
    { readonly kind: "inCluster" } | ({ readonly kind: "managed" } & ManagedDatabaseSettings);
  readonly redis:
    { readonly kind: "inCluster" } | ({ readonly kind: "managed" } & ManagedCacheSettings);
  /** Passwords of the managed stores. */
  readonly passwords: {
    readonly databasePassword: pulumi.Output<string>;
    readonly redisPassword: pulumi.Output<string>;
  };
}

/** Everything on AWS: network, cluster, nodes, identities, add-ons and the file system of the artifacts. */
export class EksPlatform extends pulumi.ComponentResource implements Platform {
  /** Provider of the in-cluster half. */
  public readonly provider: k8s.Provider;
  public readonly clusterName: string;
  public readonly kubeconfig: pulumi.Output<string>;
  public readonly artifactFileSystemId: pulumi.Output<string>;
  public readonly managedStores: Partial<StoreEndpoints>;
  public readonly nodeGroups: pulumi.Output<Record<string, string>>;
  /** What in-cluster workloads wait for: nodes to run on, add-ons that serve them. */
  public readonly ready: readonly pulumi.Resource[];

  public constructor(name: string, args: EksPlatformArgs, opts: pulumi.ComponentResourceOptions) {
    super("llm-gateway:cluster:EksPlatform", name, {}, opts);
    const tags = { Project: "llm-gateway", Environment: args.environment, ManagedBy: "pulumi" };
    const provider = new aws.Provider(
      "aws",
      // A type of region that only the SDK's release knows would refuse newer ones.
      { region: args.region as aws.Region, defaultTags: { tags } },
      { parent: this },
    );
    const child = { parent: this, providers: [provider] };
    const network = networkOf(name, args, tags, child);
    const cluster = new Cluster(
      name,
      {
        ...args,
        vpcId: network.vpcId,
        privateSubnetIds: network.privateSubnetIds,
        publicSubnetIds: network.publicSubnetIds,
        tags,
      },
      child,
    );
    const nodes = { clusterName: cluster.clusterName, nodeRoleArn: cluster.nodeRoleArn, tags };
    const system = new NodeGroup(
      `${name}-system`,
      {
        ...nodes,
        ...args.systemNodes,
        groupName: "system",
        instanceTypes: [args.systemNodes.instanceType],
        subnetIds: network.privateSubnetIds,
        amiType: "AL2023_x86_64_STANDARD",
        kubernetesVersion: args.kubernetesVersion,
        capacity: "on-demand",
        taints: [],
        resourcesPerNode: {},
      },
      child,
    );
    const neuron = Object.entries(args.neuronNodeGroups).map(
      ([groupName, group]) =>
        new NodeGroup(
          `${name}-${groupName}`,
          {
            ...nodes,
            ...group,
            groupName,
            instanceTypes: [group.instanceType],
            subnetIds: network.privateSubnetIds.filter(
              (_subnet, index) => group.zones?.includes(network.zones[index] ?? "") ?? true,
            ),
            amiType: "AL2023_x86_64_NEURON",
            kubernetesVersion: args.kubernetesVersion,
            taints: [{ key: NEURON_RESOURCE, value: "true" }],
            resourcesPerNode: {
              [NEURON_RESOURCE]: NEURON_INSTANCE_TYPES[group.instanceType].devices,
              "aws.amazon.com/neuroncore": NEURON_INSTANCE_TYPES[group.instanceType].cores,
            },
          },
          child,
        ),
    );
    const addons = new ClusterAddons(
      `${name}-addons`,
      {
        clusterName: cluster.clusterName,
        versions: args.addonVersions,
        systemNodes: system.resource,
        tags,
      },
      child,
    );
    const store = new ArtifactStore(
      `${name}-artifacts`,
      {
        clusterName: args.name,
        vpcId: network.vpcId,
        subnetIds: network.privateSubnetIds,
        nodeSecurityGroupId: cluster.securityGroupId,
        protect: args.deletionProtection,
        tags,
      },
      child,
    );
    this.managedStores = managedStores(
      name,
      args,
      {
        clusterName: args.name,
        vpcId: network.vpcId,
        subnetIds: network.privateSubnetIds,
        subnetCidrs: network.privateCidrs,
        nodeSecurityGroupId: cluster.securityGroupId,
        protect: args.deletionProtection,
        tags,
      },
      child,
    );
    this.provider = new k8s.Provider(
      "cluster",
      {
        kubeconfig: cluster.kubeconfig,
        ...providerSettings(cluster.arn),
      },
      { parent: this },
    );
    const controllers = this.controllers(
      name,
      args,
      network.vpcId,
      cluster,
      addons,
      tags,
      provider,
    );
    this.clusterName = args.name;
    this.kubeconfig = cluster.kubeconfig;
    this.nodeGroups = pulumi.output(
      Object.fromEntries(
        [system, ...neuron].map(({ groupName, resource }) => [groupName, resource.nodeGroupName]),
      ),
    );
    this.artifactFileSystemId = store.fileSystemId;
    this.ready = [
      system.resource,
      ...neuron.map(({ resource }) => resource),
      ...addons.ready,
      ...store.ready,
      controllers.loadBalancers,
    ];
    this.registerOutputs();
  }

  /** Cluster Autoscaler and load balancer controller, each after the role that its service account gets. */
  private controllers(
    name: string,
    args: EksPlatformArgs,
    vpcId: pulumi.Input<string>,
    cluster: Cluster,
    addons: ClusterAddons,
    tags: Readonly<Record<string, string>>,
    provider: aws.Provider,
  ): Controllers {
    const role = (
      serviceAccount: string,
      statements: ReturnType<typeof clusterAutoscalerStatements>,
    ) =>
      new PodRole(
        `${name}-${serviceAccount}`,
        {
          clusterName: cluster.clusterName,
          namespace: "kube-system",
          serviceAccount,
          statements,
          associate: true,
          tags,
        },
        { parent: this, providers: [provider] },
      );
    const roles = [
      role(CLUSTER_AUTOSCALER_ACCOUNT, clusterAutoscalerStatements(args.name)),
      role(LOAD_BALANCER_CONTROLLER_ACCOUNT, loadBalancerControllerStatements(args.name)),
    ];
    return new Controllers(
      `${name}-controllers`,
      {
        clusterName: args.name,
        region: args.region,
        vpcId,
        chartVersions: args.chartVersions,
        tags,
      },
      {
        parent: this,
        provider: this.provider,
        dependsOn: [...addons.ready, ...roles.flatMap(({ ready }) => ready)],
      },
    );
  }
}

function networkOf(
  name: string,
  args: EksPlatformArgs,
  tags: Readonly<Record<string, string>>,
  opts: pulumi.ComponentResourceOptions,
): {
  readonly vpcId: pulumi.Input<string>;
  readonly privateSubnetIds: readonly pulumi.Input<string>[];
  readonly publicSubnetIds: readonly pulumi.Input<string>[];
  readonly zones: readonly string[];
  readonly privateCidrs: readonly string[];
} {
  if ("vpcId" in args.network) {
    const { cidr } = args.network;
    return { ...args.network, privateCidrs: cidr === undefined ? [] : [cidr] };
  }
  const { vpcId, privateSubnetIds, publicSubnetIds, privateCidrs } = new Network(
    `${name}-network`,
    { ...args.network, region: args.region, clusterName: args.name, tags },
    opts,
  );
  return { vpcId, privateSubnetIds, publicSubnetIds, privateCidrs, zones: args.network.zones };
}

function managedStores(
  name: string,
  { database, redis, passwords }: EksPlatformArgs,
  args: Omit<ManagedStoreArgs, "password">,
  opts: pulumi.ComponentResourceOptions,
): Partial<StoreEndpoints> {
  return {
    ...(database.kind === "managed"
      ? {
          database: new ManagedDatabase(
            `${name}-database`,
            { ...args, password: passwords.databasePassword, settings: database },
            opts,
          ).endpoint,
        }
      : {}),
    ...(redis.kind === "managed"
      ? {
          redis: new ManagedCache(
            `${name}-cache`,
            { ...args, password: passwords.redisPassword, settings: redis },
            opts,
          ).endpoint,
        }
      : {}),
  };
}
