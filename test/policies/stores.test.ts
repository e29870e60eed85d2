/** Data in clear, and stores that everyone reaches: each type and spelling that AWS has for them. */
import { describe, expect, test } from "vitest";
import { aws, group, instance, template } from "./corpus/builders/aws";
import { LATER, violations, type TestResource } from "./support";

const judge = async (rule: string, resource: TestResource) =>
  (await violations([resource], { only: [rule] }))[rule] ?? [];

describe("aws-encryption-at-rest", () => {
  const RULE = "aws-encryption-at-rest";

  test.each([
    [
      "opensearch/domain:Domain",
      { nodeToNodeEncryption: { enabled: true } },
      "encryptAtRest.enabled: true",
    ],
    [
      "opensearch/domain:Domain",
      { encryptAtRest: { enabled: true } },
      "nodeToNodeEncryption.enabled: true",
    ],
    [
      "elasticsearch/domain:Domain",
      { nodeToNodeEncryption: { enabled: true } },
      "encryptAtRest.enabled: true",
    ],
    ["dax/cluster:Cluster", {}, "serverSideEncryption.enabled: true"],
    ["kinesis/stream:Stream", {}, "encryptionType: KMS"],
    ["kinesis/stream:Stream", { encryptionType: "NONE" }, "encryptionType: KMS"],
    ["docdb/cluster:Cluster", {}, "storageEncrypted: true"],
    ["neptune/cluster:Cluster", { storageEncrypted: false }, "storageEncrypted: true"],
    ["rds/cluster:Cluster", {}, "storageEncrypted: true"],
    ["rds/globalCluster:GlobalCluster", {}, "storageEncrypted: true"],
    ["efs/fileSystem:FileSystem", {}, "encrypted: true"],
    ["redshift/cluster:Cluster", { encrypted: "false" }, "encrypted: true"],
    [
      "msk/cluster:Cluster",
      { encryptionInfo: { encryptionInTransit: { inCluster: false } } },
      "encryptionInfo.encryptionInTransit.inCluster: true",
    ],
  ])("%s with %j: write %s", async (type, props, remedy) => {
    expect(await judge(RULE, aws(type, props))).toEqual([
      expect.stringContaining(`write ${remedy}`),
    ]);
  });

  test.each([
    [
      "opensearch/domain:Domain",
      { encryptAtRest: { enabled: true }, nodeToNodeEncryption: { enabled: true } },
    ],
    ["opensearch/domain:Domain", { encryptAtRest: LATER, nodeToNodeEncryption: LATER }],
    ["redshift/cluster:Cluster", {}],
    ["msk/cluster:Cluster", {}],
    ["kinesis/stream:Stream", { encryptionType: "KMS" }],
    ["kinesis/stream:Stream", { encryptionType: LATER }],
    ["dax/cluster:Cluster", { serverSideEncryption: { enabled: true } }],
    ["rds/globalCluster:GlobalCluster", { sourceDbClusterIdentifier: "main" }],
  ])("%s with %j is fine", async (type, props) => {
    expect(await judge(RULE, aws(type, props))).toEqual([]);
  });

  const spot = "ec2/spotInstanceRequest:SpotInstanceRequest";
  const configuration = "ec2/launchConfiguration:LaunchConfiguration";

  test.each([
    [instance({ rootBlockDevice: undefined }), "rootBlockDevice"],
    [instance({ rootBlockDevice: { encrypted: false } }), "rootBlockDevice"],
    [instance({ ebsBlockDevices: [{ encrypted: true }, { volumeSize: 1 }] }), "ebsBlockDevices[1]"],
    [aws(spot, {}), "rootBlockDevice"],
    [aws(configuration, { rootBlockDevice: {} }), "rootBlockDevice"],
    [
      instance({ rootBlockDevice: { volumeSize: 50 }, launchTemplate: { id: "lt-1" } }),
      "rootBlockDevice",
    ],
  ])("a machine's volume in clear is named, %#", async (machine, volume) => {
    expect(await judge(RULE, machine)).toEqual([
      expect.stringContaining(`write ${volume}.encrypted: true`),
    ]);
  });

  test.each([
    [instance({})],
    [instance({ rootBlockDevice: LATER })],
    [instance({ rootBlockDevice: { encrypted: LATER } })],
    [instance({ rootBlockDevice: undefined, launchTemplate: { id: "lt-1" } })],
    [instance({ ebsBlockDevices: [{ deviceName: "/dev/sdb", snapshotId: "snap-1" }] })],
    [
      template({
        blockDeviceMappings: [{ deviceName: "/dev/xvda", ebs: { snapshotId: "snap-1" } }],
      }),
    ],
  ])("a machine without one is fine, %#", async (machine) => {
    expect(await judge(RULE, machine)).toEqual([]);
  });
});

describe("aws-no-public-stores", () => {
  const RULE = "aws-no-public-stores";
  const tcp = { protocol: "tcp", fromPort: 5432, toPort: 5432 };
  const own = (props: object) =>
    aws("vpc/securityGroupIngressRule:SecurityGroupIngressRule", { ...props });
  const old = (props: object) => aws("ec2/securityGroupRule:SecurityGroupRule", { ...props });

  test.each([22, 1433, 2049, 3306, 3389, 5432, 6379, 9200, 11211, 27017])(
    "port %i, alone and in a range",
    async (port) => {
      for (const [fromPort, toPort] of [
        [port, port],
        [port - 1, port + 1],
        [0, 65535],
      ]) {
        const rule = { protocol: "tcp", fromPort, toPort, cidrBlocks: ["0.0.0.0/0"] };
        expect(await judge(RULE, group(rule))).toHaveLength(1);
      }
    },
  );

  test.each([
    [["0.0.0.0/0"]],
    [["0.0.0.0/1"]],
    [["0.0.0.0/1", "128.0.0.0/1"]],
    [["0.0.0.0/2", "64.0.0.0/2", "128.0.0.0/2", "192.0.0.0/2"]],
    [["0.0.0.0/5", "8.0.0.0/7"]],
    [Array.from({ length: 64 }, (_, index) => `${index}.0.0.0/8`)],
    [["::/0"]],
    [["::/1", "8000::/1"]],
    [["2000::/3"]],
    [["10.0.0.0/8", "0.0.0.0/0"]],
  ])("everyone is %j", async (cidrs) => {
    const v6 = cidrs.some((cidr) => cidr.includes(":"));
    const blocks = v6 ? { ipv6CidrBlocks: cidrs } : { cidrBlocks: cidrs };
    expect(await judge(RULE, group({ ...tcp, ...blocks }))).toHaveLength(1);
    expect(await judge(RULE, old({ type: "ingress", ...tcp, ...blocks }))).toHaveLength(1);
  });

  test.each([
    [["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"]],
    [["203.0.113.0/24"]],
    [["203.0.113.1"]],
    [["2001:db8::/32"]],
    [["fc00::/7"]],
    [["fd00::/8"]],
  ])("everyone is not %j", async (cidrs) => {
    expect(await judge(RULE, group({ ...tcp, cidrBlocks: cidrs, ipv6CidrBlocks: cidrs }))).toEqual(
      [],
    );
  });

  test.each([
    own({ ipProtocol: "-1", cidrIpv4: "0.0.0.0/0" }),
    own({ ipProtocol: "tcp", fromPort: 6379, toPort: 6379, cidrIpv6: "::/0" }),
    own({ ipProtocol: "6", fromPort: "6379", toPort: "6379", cidrIpv4: "128.0.0.0/1" }),
    old({ type: "ingress", protocol: "all", fromPort: 0, toPort: 0, cidrBlocks: ["0.0.0.0/0"] }),
    old({ type: "ingress", protocol: -1, fromPort: 0, toPort: 0, ipv6CidrBlocks: ["::/0"] }),
    old({ type: "ingress", protocol: "TCP", fromPort: 22, toPort: 22, cidrBlocks: ["0.0.0.0/0"] }),
  ])("rule of its own %#", async (rule) => {
    expect(await judge(RULE, rule)).toHaveLength(1);
  });

  test.each([
    "rds/instance:Instance",
    "redshift/cluster:Cluster",
    "dms/replicationInstance:ReplicationInstance",
    "mq/broker:Broker",
  ])("%s says itself that it is public", async (type) => {
    expect(await judge(RULE, aws(type, { publiclyAccessible: true }))).toHaveLength(1);
    expect(await judge(RULE, aws(type, { publiclyAccessible: false }))).toEqual([]);
  });
});

test("aws-cluster-endpoint: quarters of the internet are everyone", async () => {
  const publicAccessCidrs = ["0.0.0.0/2", "64.0.0.0/2", "128.0.0.0/2", "192.0.0.0/2"];
  const vpcConfig = { endpointPublicAccess: true, publicAccessCidrs };
  expect(
    await judge("aws-cluster-endpoint", aws("eks/cluster:Cluster", { vpcConfig })),
  ).toHaveLength(1);
});
