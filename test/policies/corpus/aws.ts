import { LATER, type TestResource } from "../support";
import { bad, good, type Case } from "./case";

const ENCRYPTION = "aws-encryption-at-rest";
const STORES = "aws-no-public-stores";
const ENDPOINT = "aws-cluster-endpoint";
const LOGS = "aws-cluster-logs";
const TAGS = "aws-tags-present";
const ACTIONS = "aws-exact-actions";
const TRUST = "aws-trusted-principals";
const NODES = "aws-neuron-nodes";
const METADATA = "aws-node-metadata";

const tags = { Project: "p", Environment: "e", ManagedBy: "m" };
const aws = (
  type: string,
  props: Record<string, unknown>,
  more: Partial<TestResource> = {},
): TestResource => ({
  type: `aws:${type}`,
  name: "it",
  props: { tags, ...props },
  ...more,
});
const logs = ["api", "audit", "authenticator", "controllerManager", "scheduler"];
const closed = { endpointPublicAccess: true, publicAccessCidrs: ["203.0.113.0/24"] };
const cluster = (props: object = {}) =>
  aws("eks/cluster:Cluster", {
    version: "1.34",
    vpcConfig: closed,
    enabledClusterLogTypes: logs,
    ...props,
  });
const database = (props: Record<string, unknown>) =>
  aws("rds/instance:Instance", { storageEncrypted: true, ...props });
const cache = (props: Record<string, unknown>) =>
  aws("elasticache/replicationGroup:ReplicationGroup", props);
const anywhere = { protocol: "tcp", fromPort: 5432, toPort: 5432, cidrBlocks: ["0.0.0.0/0"] };
const group = (ingress: unknown, type = "ec2/securityGroup:SecurityGroup") =>
  aws(type, { ingress: [ingress] });
const template = (props: object = {}) =>
  aws("ec2/launchTemplate:LaunchTemplate", {
    metadataOptions: { httpTokens: "required" },
    blockDeviceMappings: [{ deviceName: "/dev/xvda", ebs: { encrypted: "true" } }],
    tagSpecifications: ["instance", "volume"].map((resourceType) => ({ resourceType, tags })),
    ...props,
  });
const nodes = (props: object) =>
  aws("eks/nodeGroup:NodeGroup", {
    instanceTypes: ["inf2.xlarge"],
    amiType: "AL2023_x86_64_NEURON",
    releaseVersion: "1.34.4-20260403",
    launchTemplate: { id: "lt-1", version: "1" },
    ...props,
  });
const statement = (fields: object) =>
  JSON.stringify({ Version: "2012-10-17", Statement: [{ Sid: "S", Effect: "Allow", ...fields }] });
const policy = (document: unknown) => aws("iam/policy:Policy", { policy: document });
const trust = (fields: object) => statement({ Action: "sts:AssumeRole", ...fields });
const ec2 = trust({ Principal: { Service: "ec2.amazonaws.com" } });
const role = (props: object) => aws("iam/role:Role", { assumeRolePolicy: ec2, ...props });
const wide = statement({ Action: "s3:*", Resource: "*" });
const exact = statement({ Action: ["s3:GetObject"], Resource: "arn:aws:s3:::b/*" });
const web = { Federated: "arn:aws:iam::1:oidc-provider/token.actions.githubusercontent.com" };

/** What the rules of AWS see. */
export const AWS: readonly Case[] = [
  good("file system", "encrypted", aws("efs/fileSystem:FileSystem", { encrypted: true })),
  bad(ENCRYPTION, "file system", "in clear by default", aws("efs/fileSystem:FileSystem", {})),
  bad(ENCRYPTION, "database", "in clear by default", database({ storageEncrypted: undefined })),
  good(
    "replica",
    "it takes its source's encryption",
    database({ storageEncrypted: undefined, replicateSourceDb: "main" }),
  ),
  good("Valkey", "encrypted by default", cache({ engine: "valkey" })),
  bad(
    ENCRYPTION,
    "Valkey switched off",
    "it says so",
    cache({ engine: "valkey", atRestEncryptionEnabled: false }),
  ),
  bad(ENCRYPTION, "Redis", "in clear by default", cache({ engine: "redis" })),
  good("cluster", "EKS encrypts API data from 1.28 on", cluster()),
  bad(ENCRYPTION, "cluster of old", "1.27 does not", cluster({ version: "1.27" })),
  good("launch template", "encrypted volume, tokens, tags", template()),
  bad(
    ENCRYPTION,
    "launch template",
    "the image's volume",
    template({ blockDeviceMappings: undefined }),
  ),
  good(
    "instance store",
    "no EBS volume",
    template({
      blockDeviceMappings: [
        { deviceName: "/dev/xvda", ebs: { encrypted: "true" } },
        { deviceName: "/dev/sdb", virtualName: "ephemeral0" },
      ],
    }),
  ),
  bad(
    ENCRYPTION,
    "nodes without launch template",
    "EKS gives them a volume in clear",
    nodes({ launchTemplate: undefined }),
  ),
  bad(
    METADATA,
    "IMDSv1",
    "a pod's request reads credentials",
    template({ metadataOptions: undefined }),
  ),
  bad(
    METADATA,
    "optional tokens",
    "a pod's request reads credentials",
    template({ metadataOptions: { httpTokens: "optional" } }),
  ),
  bad(METADATA, "instance", "a pod's request reads credentials", aws("ec2/instance:Instance", {})),

  bad(STORES, "public database", "it says so", database({ publiclyAccessible: true })),
  bad(STORES, "open group", "PostgreSQL to everyone", group(anywhere)),
  bad(
    STORES,
    "open default group",
    "PostgreSQL to everyone",
    group(anywhere, "ec2/defaultSecurityGroup:DefaultSecurityGroup"),
  ),
  bad(
    STORES,
    "two halves",
    "together they are everyone",
    group({ ...anywhere, cidrBlocks: ["0.0.0.0/1", "128.0.0.0/1"] }),
  ),
  bad(
    STORES,
    "IPv6",
    "everyone too",
    group({ ...anywhere, cidrBlocks: [], ipv6CidrBlocks: ["::/0"] }),
  ),
  bad(
    STORES,
    "known block beside an unknown one",
    "what is known stays known",
    group({ ...anywhere, cidrBlocks: [LATER, "0.0.0.0/0"] }),
  ),
  bad(
    STORES,
    "rule of its own",
    "PostgreSQL to everyone",
    aws("vpc/securityGroupIngressRule:SecurityGroupIngressRule", {
      ipProtocol: "tcp",
      fromPort: 5432,
      toPort: 5432,
      cidrIpv4: "0.0.0.0/0",
    }),
  ),
  good("UDP", "PostgreSQL does not speak it", group({ ...anywhere, protocol: "udp" })),
  good(
    "egress",
    "it opens nothing",
    aws("ec2/securityGroupRule:SecurityGroupRule", { type: "egress", ...anywhere }),
  ),
  good(
    "clients",
    "a group, not a block",
    group({ ...anywhere, cidrBlocks: undefined, securityGroups: ["sg-1"] }),
  ),
  good("HTTPS", "no store", group({ ...anywhere, fromPort: 443, toPort: 443 })),

  bad(
    ENDPOINT,
    "no blocks",
    "AWS opens it to everyone",
    cluster({ vpcConfig: { endpointPublicAccess: true } }),
  ),
  bad(
    ENDPOINT,
    "everyone",
    "it says so",
    cluster({ vpcConfig: { publicAccessCidrs: ["0.0.0.0/0"] } }),
  ),
  bad(
    ENDPOINT,
    "everyone beside an unknown block",
    "what is known stays known",
    cluster({ vpcConfig: { publicAccessCidrs: [LATER, "0.0.0.0/0"] } }),
  ),
  good(
    "one unknown block",
    "the list is not empty",
    cluster({ vpcConfig: { publicAccessCidrs: [LATER] } }),
  ),
  good("private", "no public endpoint", cluster({ vpcConfig: { endpointPublicAccess: false } })),
  bad(LOGS, "two logs", "three are missing", cluster({ enabledClusterLogTypes: ["api", "audit"] })),
  bad(
    LOGS,
    "two unknown of five",
    "three are missing, two may be there",
    cluster({ enabledClusterLogTypes: [LATER, LATER] }),
  ),
  good(
    "one unknown of five",
    "it may be the missing one",
    cluster({ enabledClusterLogTypes: [...logs.slice(1), LATER] }),
  ),

  bad(TAGS, "no tags", "nobody owns it", aws("ec2/vpc:Vpc", { tags: {} })),
  bad(
    TAGS,
    "untagged volumes",
    "they are billed too",
    template({ tagSpecifications: [{ resourceType: "instance", tags }] }),
  ),
  good(
    "tags of the provider",
    "they are for everything",
    aws(
      "ec2/vpc:Vpc",
      { tags: undefined },
      { providerProps: { defaultTags: JSON.stringify({ tags }) } },
    ),
  ),
  good(
    "one unknown specification",
    "it may be the missing one",
    template({ tagSpecifications: [{ resourceType: "instance", tags }, LATER] }),
  ),

  good("exact actions", "one by one", policy(exact)),
  bad(ACTIONS, "wildcard", "what AWS adds later", policy(wide)),
  bad(
    ACTIONS,
    "NotAction",
    "all but one",
    policy(statement({ NotAction: "iam:*", Resource: "*" })),
  ),
  bad(
    ACTIONS,
    "inline policy",
    "what AWS adds later",
    role({ inlinePolicies: [{ name: "all", policy: wide }] }),
  ),
  bad(
    ACTIONS,
    "administrator",
    "everything",
    aws("iam/rolePolicyAttachment:RolePolicyAttachment", {
      role: "r",
      policyArn: "arn:aws:iam::aws:policy/AdministratorAccess",
    }),
  ),
  bad(
    ACTIONS,
    "administrator in the role",
    "everything",
    role({ managedPolicyArns: ["arn:aws:iam::aws:policy/AdministratorAccess"] }),
  ),
  bad(ACTIONS, "empty document", "AWS refuses it", policy("")),
  bad(ACTIONS, "broken document", "AWS refuses it", policy("{")),
  bad(
    ACTIONS,
    "document as an object",
    "what AWS adds later",
    policy({ Statement: { Effect: "Allow", Action: "*", Resource: "*" } }),
  ),
  good(
    "denied wildcard",
    "it takes away",
    policy(statement({ Effect: "Deny", Action: "*", Resource: "*" })),
  ),
  good(
    "managed policy",
    "for nodes",
    role({ managedPolicyArns: ["arn:aws:iam::aws:policy/AmazonEKSWorkerNodePolicy"] }),
  ),

  good("trusted service", "it is named", role({})),
  bad(
    TRUST,
    "everyone",
    "no credential needed",
    role({ assumeRolePolicy: trust({ Principal: "*" }) }),
  ),
  bad(
    TRUST,
    "every account",
    "no credential needed",
    role({ assumeRolePolicy: trust({ Principal: { AWS: ["*"] } }) }),
  ),
  bad(
    TRUST,
    "every repository",
    "the provider is GitHub's",
    role({
      assumeRolePolicy: statement({ Action: "sts:AssumeRoleWithWebIdentity", Principal: web }),
    }),
  ),
  good(
    "one repository",
    "the condition names it",
    role({
      assumeRolePolicy: statement({
        Action: "sts:AssumeRoleWithWebIdentity",
        Principal: web,
        Condition: {
          StringEquals: {
            "token.actions.githubusercontent.com:sub": "repo:a/b:ref:refs/heads/main",
          },
        },
      }),
    }),
  ),
  bad(TRUST, "broken trust", "AWS refuses it", role({ assumeRolePolicy: "no json" })),

  good("Neuron nodes", "pinned", nodes({})),
  bad(NODES, "another image", "no driver", nodes({ amiType: "AL2023_x86_64_STANDARD" })),
  bad(NODES, "no release", "a newer driver some day", nodes({ releaseVersion: undefined })),
  good(
    "custom image",
    "the launch template names it",
    nodes({ amiType: "CUSTOM", releaseVersion: undefined }),
  ),
  good(
    "other nodes",
    "no Neuron",
    nodes({
      instanceTypes: ["m7i.large"],
      amiType: "AL2023_x86_64_STANDARD",
      releaseVersion: undefined,
    }),
  ),
  bad(
    "aws-production-protected",
    "production",
    "one word deletes it",
    aws("efs/fileSystem:FileSystem", { encrypted: true }, { stack: "prod" }),
  ),
  good(
    "production, protected",
    "it takes two steps",
    aws("efs/fileSystem:FileSystem", { encrypted: true }, { stack: "prod", protect: true }),
  ),
  good(
    "development",
    "it can be made again",
    aws("efs/fileSystem:FileSystem", { encrypted: true }, { stack: "dev" }),
  ),
  good(
    "volume of a snapshot",
    "it takes the snapshot's encryption",
    aws("ebs/volume:Volume", { snapshotId: "snap-1" }),
  ),
  good(
    "database of a snapshot",
    "it takes the snapshot's encryption",
    database({ storageEncrypted: undefined, snapshotIdentifier: "before" }),
  ),
  good("unknown encryption", "it may be on", database({ storageEncrypted: LATER })),
  good(
    "no metadata service",
    "nothing answers",
    aws("ec2/instance:Instance", { metadataOptions: { httpEndpoint: "disabled" } }),
  ),
  good("own network", "not everyone", group({ ...anywhere, cidrBlocks: ["10.0.0.0/8"] })),
  good(
    "range without a store",
    "no store's port in it",
    group({ ...anywhere, fromPort: 8000, toPort: 9000 }),
  ),
  good("unknown document", "it may be exact", policy(LATER)),
  good(
    "everyone of the organization",
    "the condition says so",
    role({
      assumeRolePolicy: trust({
        Principal: "*",
        Condition: { StringEquals: { "aws:PrincipalOrgID": "o-1" } },
      }),
    }),
  ),
  good(
    "administration of a key",
    "by its account",
    aws("kms/key:Key", {
      policy: statement({
        Principal: { AWS: "arn:aws:iam::1:root" },
        Action: "kms:*",
        Resource: "*",
      }),
    }),
  ),
];
