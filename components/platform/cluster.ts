import * as aws from "@pulumi/aws";
import * as eks from "@pulumi/eks";
import * as pulumi from "@pulumi/pulumi";
import { trustOf } from "../../domain/iam";
import { clusterAccess, privateEndpointRules } from "./access";
import type { EksClusterSettings } from "../../domain/settings/cluster";

/** Log types of the control plane. */
const LOG_TYPES = ["api", "audit", "authenticator", "controllerManager", "scheduler"];

/** Inputs of {@link Cluster}: its settings, and the network that it stands in. */
export interface ClusterArgs extends Pick<
  EksClusterSettings,
  | "addonVersions"
  | "administratorRoleArns"
  | "deletionProtection"
  | "kubernetesVersion"
  | "name"
  | "publicAccessCidrs"
  | "supportType"
  | "viewerRoleArns"
> {
  /** IPv4 blocks that machines beside the nodes may reach the private endpoint from. */
  readonly apiClients: readonly string[];
  /** The VPC of control plane and nodes. */
  readonly vpcId: pulumi.Input<string>;
  /** Subnets of the nodes, one per zone. */
  readonly privateSubnetIds: readonly pulumi.Input<string>[];
  /** Subnets of load balancers with a public address. */
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
    const key = new aws.kms.Key(
      `${name}-secrets`,
      {
        description: `Kubernetes Secrets of ${args.name}`,
        enableKeyRotation: true,
        deletionWindowInDays: 30,
        tags: args.tags,
      },
      child,
    );
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
      { ...child, protect: args.deletionProtection },
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
    this.securityGroupId = this.cluster.eksCluster.vpcConfig.clusterSecurityGroupId;
    const nodes = nodeRole(`${name}-nodes`, args.tags, this);
    this.nodeRoleArn = nodes.role.arn;
    this.nodeRoleReady = nodes.policies;
    this.registerOutputs();
  }
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
