import { LATER } from "../support";
import {
  TAGS,
  ACTIONS,
  TRUST,
  NODES,
  tags,
  aws,
  database,
  anywhere,
  group,
  template,
  nodes,
  statement,
  policy,
  trust,
  role,
  wide,
  exact,
  web,
} from "./builders/aws";
import { bad, good, type Case } from "./case";

/** Tags, IAM documents, Neuron nodes and production. */
export const IDENTITY: readonly Case[] = [
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
            "token.actions.githubusercontent.com:aud": "sts.amazonaws.com",
          },
        },
      }),
    }),
  ),
  bad(
    TRUST,
    "any repository",
    "a wildcard in the owner's place",
    role({
      assumeRolePolicy: statement({
        Action: "sts:AssumeRoleWithWebIdentity",
        Principal: web,
        Condition: {
          StringLike: { "token.actions.githubusercontent.com:sub": "repo:*" },
          StringEquals: { "token.actions.githubusercontent.com:aud": "sts.amazonaws.com" },
        },
      }),
    }),
  ),
  bad(
    TRUST,
    "everyone but one",
    "all other accounts remain",
    role({ assumeRolePolicy: trust({ NotPrincipal: { AWS: "arn:aws:iam::1:root" } }) }),
  ),
  bad(
    TRUST,
    "everyone outside an organization",
    "the comparison is turned around",
    role({
      assumeRolePolicy: trust({
        Principal: "*",
        Condition: { StringNotEquals: { "aws:PrincipalOrgID": "o-1" } },
      }),
    }),
  ),
  good(
    "mounts through a target",
    "the security group decides who reaches it",
    aws("efs/fileSystemPolicy:FileSystemPolicy", {
      policy: statement({
        Principal: { AWS: "*" },
        Action: "elasticfilesystem:ClientMount",
        Condition: { Bool: { "elasticfilesystem:AccessedViaMountTarget": "true" } },
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
    aws("ec2/instance:Instance", {
      metadataOptions: { httpEndpoint: "disabled" },
      rootBlockDevice: { encrypted: true },
    }),
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
