import { describe, expect, test } from "vitest";
import { LATER, violations, type TestResource } from "./support";

const TAGS = { Project: "p", Environment: "e", ManagedBy: "m" };

const aws = (
  type: string,
  props: Record<string, unknown>,
  more: Partial<TestResource> = {},
): TestResource => ({
  type: `aws:${type}`,
  name: "it",
  props: { tags: TAGS, ...props },
  ...more,
});

async function judge(rule: string, resource: TestResource, config: object = {}): Promise<string[]> {
  return (await violations([resource], { config: { [rule]: config } }))[rule] ?? [];
}

const NODE_GROUP = "eks/nodeGroup:NodeGroup";
const CLUSTER = "eks/cluster:Cluster";
const LAUNCH_TEMPLATE = "ec2/launchTemplate:LaunchTemplate";
const LOGS = ["api", "audit", "authenticator", "controllerManager", "scheduler"];

describe("aws-encryption-at-rest", () => {
  const RULE = "aws-encryption-at-rest";

  test.each([
    ["efs/fileSystem:FileSystem", "encrypted"],
    ["rds/instance:Instance", "storageEncrypted"],
    ["elasticache/replicationGroup:ReplicationGroup", "atRestEncryptionEnabled"],
  ])("%s needs %s", async (type, property) => {
    expect(await judge(RULE, aws(type, {}))).toEqual([
      expect.stringContaining(`write ${property}: true`),
    ]);
    expect(await judge(RULE, aws(type, { [property]: false }))).toHaveLength(1);
    expect(await judge(RULE, aws(type, { [property]: true }))).toEqual([]);
    expect(await judge(RULE, aws(type, { [property]: LATER }))).toEqual([]);
  });

  test("EKS encrypts all API data from Kubernetes 1.28 on; a key of one's own is a parameter", async () => {
    expect(await judge(RULE, aws(CLUSTER, {}))).toEqual([]);
    expect(await judge(RULE, aws(CLUSTER, { version: "1.27" }))).toHaveLength(1);
    expect(await judge(RULE, aws(CLUSTER, { version: "1.28" }))).toEqual([]);
    const own = { customerKeys: true };
    const encrypted = { encryptionConfig: { provider: { keyArn: LATER } } };
    expect(await judge(RULE, aws(CLUSTER, {}), own)).toHaveLength(1);
    expect(await judge(RULE, aws(CLUSTER, encrypted), own)).toEqual([]);
  });

  test("nodes have encrypted volumes", async () => {
    const template = (...volumes: object[]) =>
      aws(LAUNCH_TEMPLATE, {
        blockDeviceMappings: volumes.map((ebs, index) => ({ deviceName: `/dev/xvd${index}`, ebs })),
      });
    const [encrypted, clear] = [{ encrypted: "true" }, { encrypted: "false" }];
    expect(await judge(RULE, template(encrypted, encrypted))).toEqual([]);
    expect(await judge(RULE, template(clear))).toHaveLength(1);
    expect(await judge(RULE, template(encrypted, clear))).toHaveLength(1);
    // It is as its snapshot is.
    expect(await judge(RULE, template(encrypted, { snapshotId: "snap-1" }))).toEqual([]);
    expect(await judge(RULE, aws(LAUNCH_TEMPLATE, {}))).toHaveLength(1);
  });
});

describe("aws-no-public-stores", () => {
  const RULE = "aws-no-public-stores";
  const group = (rule: object) => aws("ec2/securityGroup:SecurityGroup", { ingress: [rule] });

  test("a public database is refused", async () => {
    expect(
      await judge(RULE, aws("rds/instance:Instance", { publiclyAccessible: true })),
    ).toHaveLength(1);
    expect(await judge(RULE, aws("rds/instance:Instance", {}))).toEqual([]);
  });

  test.each([
    [{ protocol: "tcp", fromPort: 5432, toPort: 5432, cidrBlocks: ["0.0.0.0/0"] }],
    [{ protocol: "tcp", fromPort: 0, toPort: 65535, ipv6CidrBlocks: ["::/0"] }],
    [{ protocol: "-1", fromPort: 0, toPort: 0, cidrBlocks: ["0.0.0.0/0"] }],
  ])("ingress %j is refused", async (rule) => {
    expect(await judge(RULE, group(rule))).toHaveLength(1);
  });

  test.each([
    [{ protocol: "tcp", fromPort: 5432, toPort: 5432, securityGroups: ["sg-1"] }],
    [{ protocol: "tcp", fromPort: 443, toPort: 443, cidrBlocks: ["0.0.0.0/0"] }],
    [{ protocol: "tcp", fromPort: 5432, toPort: 5432, cidrBlocks: LATER }],
  ])("ingress %j is fine", async (rule) => {
    expect(await judge(RULE, group(rule))).toEqual([]);
  });
});

describe("aws-cluster-endpoint", () => {
  const RULE = "aws-cluster-endpoint";
  const cluster = (vpcConfig: unknown) => aws(CLUSTER, { vpcConfig });

  test.each([
    [{ endpointPublicAccess: true, publicAccessCidrs: ["0.0.0.0/0"] }],
    [{ endpointPublicAccess: true }],
    [{}],
  ])("%j is open to everyone", async (config) => {
    expect(await judge(RULE, cluster(config))).toEqual([
      expect.stringMatching(/write publicAccessCidrs/),
    ]);
    expect(await judge(RULE, cluster(config), { allowAnywhere: true })).toEqual([]);
  });

  test.each([
    [{ endpointPublicAccess: true, publicAccessCidrs: ["203.0.113.0/24"] }],
    [{ endpointPublicAccess: false }],
    [LATER],
  ])("%j is not", async (config) => {
    expect(await judge(RULE, cluster(config))).toEqual([]);
  });
});

test("aws-cluster-logs: every type is written", async () => {
  const RULE = "aws-cluster-logs";
  expect(await judge(RULE, aws(CLUSTER, { enabledClusterLogTypes: LOGS }))).toEqual([]);
  expect(await judge(RULE, aws(CLUSTER, { enabledClusterLogTypes: ["api", "audit"] }))).toEqual([
    expect.stringContaining("authenticator, controllerManager, scheduler; name all"),
  ]);
});

describe("aws-tags-present", () => {
  const RULE = "aws-tags-present";

  test("a missing tag is named", async () => {
    expect(await judge(RULE, aws("ec2/vpc:Vpc", { tags: { Project: "p" } }))).toEqual([
      'ec2/vpc "it" lacks the tags Environment, ManagedBy; add them',
    ]);
    expect(await judge(RULE, aws("ec2/vpc:Vpc", {}))).toEqual([]);
    expect(await judge(RULE, aws("ec2/vpc:Vpc", { tags: LATER }))).toEqual([]);
  });

  test("the nodes and volumes of a launch template count", async () => {
    const both = ["instance", "volume"].map((resourceType) => ({ resourceType, tags: TAGS }));
    expect(await judge(RULE, aws(LAUNCH_TEMPLATE, { tagSpecifications: both }))).toEqual([]);
    expect(
      await judge(RULE, aws(LAUNCH_TEMPLATE, { tagSpecifications: both.slice(0, 1) })),
    ).toEqual([expect.stringContaining("its volumes lack the tags")]);
  });

  test("the keys are a parameter", async () => {
    expect(await judge(RULE, aws("ec2/vpc:Vpc", {}), { tags: ["CostCenter"] })).toHaveLength(1);
  });
});

test("aws-exact-actions: a wildcard is refused, exact and unknown documents are not", async () => {
  const RULE = "aws-exact-actions";
  const policy = (action: unknown) =>
    aws("iam/rolePolicy:RolePolicy", {
      policy: JSON.stringify({
        Statement: [{ Sid: "S", Effect: "Allow", Action: action, Resource: "*" }],
      }),
    });
  expect(await judge(RULE, policy(["s3:Get*"]))).toEqual([
    expect.stringContaining("S: allows s3:Get*"),
  ]);
  expect(await judge(RULE, policy("*"))).toHaveLength(1);
  expect(await judge(RULE, policy(["s3:GetObject"]))).toEqual([]);
  expect(await judge(RULE, aws("iam/rolePolicy:RolePolicy", { policy: LATER }))).toEqual([]);
});

test("aws-production-protected: stateful resources of production are protected, others need not be", async () => {
  const RULE = "aws-production-protected";
  const fileSystem = (more: Partial<TestResource>) => aws("efs/fileSystem:FileSystem", {}, more);
  expect(await judge(RULE, fileSystem({ stack: "prod" }))).toEqual([
    expect.stringMatching(/set protect: true/),
  ]);
  expect(await judge(RULE, fileSystem({ stack: "prod", protect: true }))).toEqual([]);
  expect(await judge(RULE, fileSystem({ stack: "dev" }))).toEqual([]);
  expect(await judge(RULE, aws("ec2/vpc:Vpc", {}, { stack: "prod" }))).toEqual([]);
});

test("aws-neuron-nodes: Inf2 runs a pinned Neuron image", async () => {
  const RULE = "aws-neuron-nodes";
  const group = (props: object) => aws(NODE_GROUP, { instanceTypes: ["inf2.xlarge"], ...props });
  const good = { amiType: "AL2023_x86_64_NEURON", releaseVersion: "1.34.4-20260403" };
  expect(await judge(RULE, group(good))).toEqual([]);
  expect(await judge(RULE, group({ ...good, amiType: "AL2023_x86_64_STANDARD" }))).toEqual([
    expect.stringMatching(/write amiType: AL2023_x86_64_NEURON/),
  ]);
  expect(await judge(RULE, group({ ...good, releaseVersion: undefined }))).toEqual([
    expect.stringMatching(/write releaseVersion/),
  ]);
  expect(await judge(RULE, aws(NODE_GROUP, { instanceTypes: ["m7i.large"] }))).toEqual([]);
});

test("aws-neuron-nodes: a group without type and release has its image from its launch template, if that names one", async () => {
  const RULE = "aws-neuron-nodes";
  const judgeWith = async (template: object, instance: string) => {
    const group = aws(
      NODE_GROUP,
      { instanceTypes: [instance], launchTemplate: { id: LATER } },
      { name: "group", dependsOn: { launchTemplate: ["template"] } },
    );
    const launch = aws(LAUNCH_TEMPLATE, { ...template }, { name: "template" });
    return (await violations([launch, group]))[RULE] ?? [];
  };
  for (const instance of ["inf2.xlarge", "trn1n.32xlarge", "trn2.48xlarge"]) {
    expect(await judgeWith({ imageId: "ami-0123456789abcdef0" }, instance)).toEqual([]);
    expect(await judgeWith({ imageId: LATER }, instance)).toEqual([]);
    expect(await judgeWith({}, instance)).toEqual([
      expect.stringMatching(/names no image, nor does .*; write amiType/),
    ]);
  }
  expect(await judgeWith({}, "m7i.large")).toEqual([]);
  const alone = aws(NODE_GROUP, { instanceTypes: ["trn2.48xlarge"] });
  expect(await judge(RULE, alone)).not.toEqual([]);
});
