import * as aws from "@pulumi/aws";
import * as eks from "@pulumi/eks";
import * as pulumi from "@pulumi/pulumi";
import { trustOf } from "../../domain/iam";
import { controlPlaneLogGroup, databaseLogGroup } from "../../domain/logGroups";
import { databaseName } from "../../domain/awsNames";
import { clusterAccess, privateEndpointRules } from "./access";
import type { EksClusterSettings } from "../../domain/settings/cluster";
import type { ClusterAddress } from "./customImage";
import { clusterKey } from "./clusterKey";

/** Log types of the control plane. */
const LOG_TYPES = ["api", "audit", "authenticator", "controllerManager", "scheduler"];

/** Inputs of {@link Cluster}: its settings, and the network that it stands in. */
export interface ClusterArgs extends Pick<
  EksClusterSettings,
  | "addonVersions"
  | "administratorRoleArns"
  | "deletionProtection"
  | "kubernetesVersion"
  | "logs"
  | "name"
  | "publicAccessCidrs"
  | "region"
  | "supportType"
  | "viewerRoleArns"
> {
  /** IPv4 blocks that machines beside the nodes may reach the private endpoint from. */
  readonly apiClients: readonly string[];
  /** The VPC of control plane and nodes. */
  readonly vpcId: pulumi.Input<string>;
  /** Private subnets that EKS may put its network interfaces in, one per zone of the cluster's creation. */
  readonly privateSubnetIds: readonly pulumi.Input<string>[];
  /** Public subnets of the same zones. */
  readonly publicSubnetIds: readonly pulumi.Input<string>[];
  /** AWS tags of everything that is made. */
  readonly tags: Readonly<Record<string, string>>;
}

/** The EKS control plane with private nodes, API authentication, encrypted secrets and all its logs. */
export class Cluster extends pulumi.ComponentResource {
  public readonly cluster: eks.Cluster;
  public readonly arn: pulumi.Output<string>;
  public readonly clusterName: pulumi.Output<string>;
  public readonly kubeconfig: pulumi.Output<string>;
  /** Where nodes of an image of one's own find the cluster. */
  public readonly address: pulumi.Output<ClusterAddress>;
  /** KMS key of Kubernetes Secrets and log groups. */
  public readonly keyArn: pulumi.Output<string>;
  /** What lets this program reach the API and do something there: it comes before the first object, and goes after the last. */
  public readonly accessReady: readonly pulumi.Resource[];
  /** The security group that EKS gives to control plane and managed nodes. */
  public readonly securityGroupId: pulumi.Output<string>;
  /** Role of every node. */
  public readonly nodeRoleArn: pulumi.Output<string>;
  /** The role's permissions: a node that starts without them cannot join, and EKS gives its group up after minutes. */
  public readonly nodeRoleReady: readonly pulumi.Resource[];

  public constructor(name: string, args: ClusterArgs, opts: pulumi.ComponentResourceOptions) {
    super("llm-gateway:cluster:Cluster", name, {}, opts);
    const child = { parent: this };
    const logGroup = controlPlaneLogGroup(args.name);
    const key = clusterKey(
      `${name}-secrets`,
      {
        clusterName: args.name,
        region: args.region,
        logGroups: args.logs.create ? [logGroup, databaseLogGroup(databaseName(args.name))] : [],
        tags: args.tags,
      },
      child,
    );
    this.keyArn = key.arn;
    const logs = args.logs.create
      ? [
          new aws.cloudwatch.LogGroup(
            `${name}-logs`,
            {
              name: logGroup,
              retentionInDays: args.logs.retentionDays,
              kmsKeyId: key.arn,
              tags: args.tags,
            },
            child,
          ),
        ]
      : [];
    const publicAccess = args.publicAccessCidrs.length > 0;
    this.cluster = new eks.Cluster(
      name,
      {
        name: args.name,
        version: args.kubernetesVersion,
        authenticationMode: eks.AuthenticationMode.Api,
        skipDefaultNodeGroup: true,
        vpcId: args.vpcId,
        privateSubnetIds: [...args.privateSubnetIds],
        publicSubnetIds: [...args.publicSubnetIds],
        nodeAssociatePublicIpAddress: false,
        endpointPrivateAccess: true,
        endpointPublicAccess: publicAccess,
        // The component refuses CIDRs for an endpoint that is not public.
        ...(publicAccess ? { publicAccessCidrs: [...args.publicAccessCidrs] } : {}),
        encryptionConfigKeyArn: key.arn,
        enabledClusterLogTypes: LOG_TYPES,
        upgradePolicy: { supportType: args.supportType },
        deletionProtection: args.deletionProtection,
        vpcCniOptions: {
          addonVersion: args.addonVersions["vpc-cni"],
          // Without it the cluster stores network policies and enforces none.
          enableNetworkPolicy: true,
        },
        kubeProxyAddonOptions: { version: args.addonVersions["kube-proxy"] },
        tags: { ...args.tags },
      },
      // EKS makes the log group itself, without an end, when it has something to write and there is none.
      { ...child, protect: args.deletionProtection, dependsOn: logs },
    );
    const { clusterSecurityGroupId: securityGroupId } = this.cluster;
    this.accessReady = [
      ...privateEndpointRules(name, { securityGroupId, cidrs: args.apiClients }, child),
      ...clusterAccess(
        name,
        { ...args, clusterName: this.cluster.eksCluster.name, formerParent: this.cluster },
        child,
      ),
    ];
    this.arn = this.cluster.eksCluster.arn;
    this.clusterName = this.cluster.eksCluster.name;
    this.kubeconfig = pulumi.secret(this.cluster.kubeconfigJson);
    this.address = addressOf(this.cluster.eksCluster);
    this.securityGroupId = this.cluster.eksCluster.vpcConfig.clusterSecurityGroupId;
    const nodes = nodeRole(`${name}-nodes`, args.tags, this);
    this.nodeRoleArn = nodes.role.arn;
    this.nodeRoleReady = nodes.policies;
    this.registerOutputs();
  }
}

function addressOf(cluster: pulumi.Output<aws.eks.Cluster>): pulumi.Output<ClusterAddress> {
  return pulumi
    .all([
      cluster.name,
      cluster.endpoint,
      cluster.certificateAuthority.data,
      cluster.kubernetesNetworkConfig.serviceIpv4Cidr,
    ])
    .apply(([name, endpoint, certificateAuthority, serviceCidr]) => ({
      name,
      endpoint,
      certificateAuthority,
      serviceCidr,
    }));
}

/** What a node needs: to join the cluster, to pull images, and, for the network plugin on it, to give pods addresses. */
const NODE_POLICIES = [
  "AmazonEKSWorkerNodePolicy",
  "AmazonEC2ContainerRegistryPullOnly",
  "AmazonEKS_CNI_Policy",
];

function nodeRole(
  name: string,
  tags: Readonly<Record<string, string>>,
  parent: pulumi.Resource,
): { readonly role: aws.iam.Role; readonly policies: readonly pulumi.Resource[] } {
  const role = new aws.iam.Role(
    name,
    {
      assumeRolePolicy: trustOf("ec2.amazonaws.com"),
      tags: { ...tags },
    },
    { parent },
  );
  const policies = NODE_POLICIES.map(
    (policy) =>
      new aws.iam.RolePolicyAttachment(
        `${name}-${policy}`,
        { role: role.name, policyArn: `arn:aws:iam::aws:policy/${policy}` },
        { parent },
      ),
  );
  return { role, policies };
}
