import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { principalName } from "../../domain/principals";
import type { NetworkSettings } from "../../domain/settings/cluster";

/** Inputs of {@link clusterAccess}. */
export interface ClusterAccessArgs {
  /** Name of the cluster. */
  readonly clusterName: pulumi.Input<string>;
  /** ARNs of who may do everything in it. */
  readonly administratorRoleArns: readonly string[];
  /** ARNs of who may read everything in it, Secrets included. */
  readonly viewerRoleArns: readonly string[];
  /** AWS tags of the entries. */
  readonly tags: Readonly<Record<string, string>>;
  /** Component of the cluster, whose children the entries of administrators were in version 0.1. */
  readonly formerParent: pulumi.Resource;
}

/** The policy of EKS that grants each kind of access. Source: Amazon EKS User Guide, "Review access policy permissions". */
const POLICIES = {
  admin: "AmazonEKSClusterAdminPolicy",
  view: "AmazonEKSAdminViewPolicy",
} as const;

/**
 * Lets roles and users into a cluster. Each entry is known by its principal: by its place in the list, a removed one would give its name
 * to the next, which EKS still has under another.
 *
 * @returns what must be there before somebody who was let in does anything in the cluster
 *
 * @param name what the resources' names start with
 */
export function clusterAccess(
  name: string,
  args: ClusterAccessArgs,
  opts: pulumi.CustomResourceOptions,
): pulumi.Resource[] {
  const administrators = args.administratorRoleArns.map((principalArn, index) =>
    grant(
      name,
      { ...args, principalArn, kind: "admin" },
      {
        ...opts,
        // Version 0.1 named the entry by its place.
        aliases: [{ name: `${name}-administrator-${index}`, parent: args.formerParent }],
      },
    ),
  );
  const viewers = args.viewerRoleArns.map((principalArn) =>
    grant(name, { ...args, principalArn, kind: "view" }, opts),
  );
  return [...administrators, ...viewers];
}

function grant(
  name: string,
  args: Pick<ClusterAccessArgs, "clusterName" | "tags"> & {
    readonly principalArn: string;
    readonly kind: keyof typeof POLICIES;
  },
  opts: pulumi.CustomResourceOptions,
): pulumi.Resource {
  const { clusterName, principalArn, kind, tags } = args;
  const entryName = `${name}-${principalName(principalArn)}`;
  const entry = new aws.eks.AccessEntry(
    entryName,
    { clusterName, principalArn, tags: { ...tags } },
    opts,
  );
  return new aws.eks.AccessPolicyAssociation(
    `${entryName}-${kind}`,
    {
      clusterName,
      principalArn,
      policyArn: `arn:aws:eks::aws:cluster-access-policy/${POLICIES[kind]}`,
      accessScope: { type: "cluster" },
    },
    { parent: entry },
  );
}

/** IPv4 blocks that machines beside the nodes may reach the private endpoint from; not those of a VPC whose block was not told. */
export function apiClients(network: NetworkSettings): string[] {
  const own = network.cidr === undefined ? [] : [network.cidr];
  return [...new Set([...own, ...network.connectedCidrs])];
}

/** Inputs of {@link privateEndpointRules}. */
export interface PrivateEndpointArgs {
  /** Security group of the control plane's network interfaces. */
  readonly securityGroupId: pulumi.Input<string>;
  /** IPv4 blocks of the VPC and of the networks that it is connected with. */
  readonly cidrs: readonly string[];
}

/**
 * Lets machines of the VPC, and of networks that it is connected with, reach the API endpoint: by itself EKS lets in nodes and pods
 * alone. Source: Amazon EKS User Guide, "Accessing a private only API server".
 *
 * @param name what the resources' names start with
 */
export function privateEndpointRules(
  name: string,
  { securityGroupId, cidrs }: PrivateEndpointArgs,
  opts: pulumi.CustomResourceOptions,
): pulumi.Resource[] {
  // Known by its block: a rule that is there under another name would be refused as a duplicate.
  return cidrs.map(
    (cidr) =>
      new aws.ec2.SecurityGroupRule(
        `${name}-api-from-${cidr}`,
        {
          description: `Kubernetes API from ${cidr}`,
          type: "ingress",
          protocol: "tcp",
          fromPort: 443,
          toPort: 443,
          cidrBlocks: [cidr],
          securityGroupId,
        },
        opts,
      ),
  );
}
