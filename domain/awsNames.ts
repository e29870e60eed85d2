import { PROJECT } from "./labels";

/** The node group of everything that needs no Neuron device; no Neuron group can have its name. */
export const SYSTEM_NODE_GROUP = "system";

/**
 * Longest names of AWS resources, characters. Sources: Amazon EKS API Reference, CreateCluster and CreateNodegroup; Amazon RDS API
 * Reference, CreateDBInstance; Amazon ElastiCache API Reference, CreateReplicationGroup.
 */
export const LONGEST_NAME = {
  cluster: 100,
  nodeGroup: 63,
  database: 63,
  cache: 40,
} as const;

/** Characters that the AWS provider adds to a prefix to make a name unique. */
const UNIQUE_SUFFIX = 26;

/** Longest prefix of a node group's name. */
export const LONGEST_NODE_GROUP_PREFIX = LONGEST_NAME.nodeGroup - UNIQUE_SUFFIX;

/** Prefix of the EKS name of a node group. */
export function nodeGroupPrefix(group: string): string {
  return `${group}-`;
}

/** Identifier of a cluster's managed database. */
export function databaseName(cluster: string): string {
  return `${cluster}-database`;
}

/** Identifier of a cluster's managed cache. */
export function cacheName(cluster: string): string {
  return `${cluster}-cache`;
}

/** Tags by which a stack, its roles and the preflight know what is the stack's own. */
export function ownTags(environment: string) {
  return { Project: PROJECT, Environment: environment } as const;
}

/** Tags of all that this project's programs make. */
export const PROGRAM_TAGS = { Project: PROJECT, ManagedBy: "pulumi" } as const;
