import * as aws from "@pulumi/aws";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { CLUSTER_AUTOSCALER_ACCOUNT } from "../controllers/cluster-autoscaler/chart";
import { clusterAutoscalerStatements } from "../controllers/cluster-autoscaler/statements";
import { Controllers } from "../controllers/controllers";
import { LOAD_BALANCER_CONTROLLER_ACCOUNT } from "../controllers/load-balancer-controller/chart";
import { loadBalancerControllerStatements } from "../controllers/load-balancer-controller/statements";
import type { ManagedStores } from "../stores/createStores";
import { apiClients } from "./access";
import { ClusterAddons } from "./addons";
import { ArtifactStore } from "./artifactStore";
import { Cluster } from "./cluster";
import { clusterNetwork } from "./clusterNetwork";
import { ownTags, PROGRAM_TAGS } from "../../domain/awsNames";
import { type Statement } from "../../domain/iam";
import type { EksClusterSettings } from "../../domain/settings/cluster";
import type { NeuronNodeGroup } from "../../domain/settings/neuron";
import { PodRole } from "./iam";
import { managedStores } from "../stores/managedStores";
import { liveSizes } from "./liveSizes";
import { nodeGroups } from "./nodeGroups";
import { providerSettings, type Platform } from "./platform";
import type { Publish } from "../kubernetes/publishedName";
import { AwsPublishedName } from "./publishedName";

/** Inputs of {@link EksPlatform}: the settings of the cluster, and what else of the stack stands on AWS. */
export interface EksPlatformArgs extends Omit<EksClusterSettings, "kind"> {
  /** Name of the stack, which every resource is tagged with. */
  readonly environment: string;
  /** Neuron node groups by name. */
  readonly neuronNodeGroups: Readonly<Record<string, NeuronNodeGroup>>;
  /** Leave the file system of the artifacts to the account when the stack is destroyed. */
  readonly retainArtifacts: boolean;
}

/** Everything on AWS: network, cluster, nodes, identities, add-ons, file system of the artifacts; and a place for managed stores. */
export class EksPlatform extends pulumi.ComponentResource implements Platform {
  /** Provider of the in-cluster half. */
  public readonly provider: k8s.Provider;
  public readonly clusterName: string;
  public readonly kubeconfig: pulumi.Output<string>;
  public readonly artifactFileSystemId: pulumi.Output<string>;
  public readonly managedStores: ManagedStores;
  public readonly publish: Publish;
  public readonly nodeGroups: pulumi.Output<Record<string, string>>;
  /** What in-cluster workloads wait for: nodes to run on, add-ons that serve them. */
  public readonly ready: readonly pulumi.Resource[];

  public constructor(name: string, args: EksPlatformArgs, opts: pulumi.ComponentResourceOptions) {
    super("llm-gateway:cluster:EksPlatform", name, {}, opts);
    const { name: clusterName, region, deletionProtection: protect } = args;
    const tags = { ...ownTags(args.environment), ...PROGRAM_TAGS };
    const provider = new aws.Provider(
      "aws",
      // A type of region that only the SDK's release knows would refuse newer ones.
      { region: region as aws.Region, defaultTags: { tags } },
      { parent: this },
    );
    const child = { parent: this, providers: [provider] };
    const network = clusterNetwork(`${name}-network`, args, { region, clusterName, tags }, child);
    const { vpcId, privateSubnetIds } = network;
    const cluster = new Cluster(
      name,
      { ...args, ...network.controlPlane, vpcId, apiClients: apiClients(args.network), tags },
      child,
    );
    const { clusterName: readyCluster, nodeRoleArn } = cluster;
    const nodes = nodeGroups(
      name,
      {
        ...args,
        clusterName: readyCluster,
        clusterAddress: cluster.address,
        liveSizes: liveSizes(readyCluster, { provider }),
        nodeRoleArn,
        network,
        tags,
      },
      // The network plugin among the cluster's add-ons comes before the nodes that it makes ready, and goes after them.
      { ...child, dependsOn: [...network.ready, ...cluster.nodeRoleReady, cluster.cluster] },
    );
    const addons = new ClusterAddons(
      `${name}-addons`,
      {
        clusterName: readyCluster,
        versions: args.addonVersions,
        systemNodes: nodes.system.resource,
        tags,
      },
      child,
    );
    const store = {
      clusterName,
      vpcId,
      subnetIds: privateSubnetIds,
      nodeSecurityGroupId: cluster.securityGroupId,
      protect,
      tags,
    };
    const { create, retentionDays } = args.logs;
    const logs = create ? { retentionDays, keyArn: cluster.keyArn } : undefined;
    const artifacts = new ArtifactStore(
      `${name}-artifacts`,
      { ...store, retain: args.retainArtifacts },
      child,
    );
    this.managedStores = managedStores(
      name,
      { ...store, subnetCidrs: network.privateCidrs, logs },
      child,
    );
    this.publish = (tls) =>
      tls?.hostedZoneId === undefined
        ? undefined
        : new AwsPublishedName(
            `${name}-name`,
            { hostName: tls.hostName, hostedZoneId: tls.hostedZoneId, tags },
            { parent: this, provider },
          );
    this.provider = new k8s.Provider(
      "cluster",
      { kubeconfig: cluster.kubeconfig, ...providerSettings(cluster.arn) },
      { parent: this },
    );
    const roles = controllerRoles(name, clusterName, { clusterName: readyCluster, tags }, child);
    const controllers = new Controllers(
      `${name}-controllers`,
      {
        clusterName,
        kubernetesVersion: args.kubernetesVersion,
        region,
        vpcId,
        chartVersions: args.chartVersions,
        chartValues: args.chartValues,
        tags,
      },
      {
        parent: this,
        provider: this.provider,
        dependsOn: [
          ...cluster.accessReady,
          ...addons.ready,
          ...roles.flatMap(({ ready }) => ready),
        ],
      },
    );
    this.clusterName = clusterName;
    this.kubeconfig = cluster.kubeconfig;
    const groups = [nodes.system, ...nodes.neuron];
    this.nodeGroups = pulumi.output(
      Object.fromEntries(
        groups.map(({ groupName, resource }) => [groupName, resource.nodeGroupName]),
      ),
    );
    this.artifactFileSystemId = artifacts.fileSystemId;
    this.ready = [
      ...cluster.accessReady,
      ...groups.map(({ resource }) => resource),
      ...addons.ready,
      ...artifacts.ready,
      controllers.loadBalancers,
    ];
    this.registerOutputs();
  }
}

/** The roles that the service accounts of Cluster Autoscaler and load balancer controller get. */
function controllerRoles(
  name: string,
  cluster: string,
  args: {
    readonly clusterName: pulumi.Input<string>;
    readonly tags: Readonly<Record<string, string>>;
  },
  opts: pulumi.ComponentResourceOptions,
): PodRole[] {
  const statements: Readonly<Record<string, readonly Statement[]>> = {
    [CLUSTER_AUTOSCALER_ACCOUNT]: clusterAutoscalerStatements(cluster),
    [LOAD_BALANCER_CONTROLLER_ACCOUNT]: loadBalancerControllerStatements(cluster),
  };
  return Object.entries(statements).map(
    ([serviceAccount, granted]) =>
      new PodRole(
        `${name}-${serviceAccount}`,
        {
          ...args,
          namespace: "kube-system",
          serviceAccount,
          statements: granted,
          associate: true,
        },
        opts,
      ),
  );
}
