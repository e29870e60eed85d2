import * as aws from "@pulumi/aws";
import * as eks from "@pulumi/eks";
import * as pulumi from "@pulumi/pulumi";
import { trustOf } from "../../domain/iam";
import { controlPlaneLogGroup, databaseLogGroup } from "../../domain/logGroups";
import { managedStoreName } from "../../domain/names";
import type { EksClusterSettings } from "../../domain/settings/cluster";
import { clusterKey } from "./clusterKey";

/** Log types of the control plane. */
const LOG_TYPES = ["api", "audit", "authenticator", "controllerManager", "scheduler"];

const ADMINISTRATOR_POLICY = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy";

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
> {
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
  /** KMS key of Kubernetes Secrets and log groups. */
  public readonly keyArn: pulumi.Output<string>;
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
        logGroups: args.logs.create
          ? [logGroup, databaseLogGroup(managedStoreName("database", args.name))]
          : [],
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
        accessEntries: Object.fromEntries(
          args.administratorRoleArns.map((principalArn, index) => [
            `administrator-${index}`,
            {
              principalArn,
              accessPolicies: {
                admin: { policyArn: ADMINISTRATOR_POLICY, accessScope: { type: "cluster" } },
              },
            },
          ]),
        ),
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
