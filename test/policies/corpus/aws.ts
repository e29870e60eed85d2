import { LATER } from "../support";
import {
  ENCRYPTION,
  STORES,
  ENDPOINT,
  LOGS,
  METADATA,
  aws,
  logs,
  cluster,
  database,
  cache,
  instance,
  anywhere,
  group,
  template,
  nodes,
} from "./builders/aws";
import { bad, good, type Case } from "./case";

/** What the rules of AWS see of stores, clusters and nodes. */
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
  bad(METADATA, "instance", "a pod's request reads credentials", instance({ metadataOptions: {} })),
  good("instance", "encrypted volumes, tokens", instance({})),
  good(
    "instance of a launch template",
    "the template decides",
    instance({ rootBlockDevice: undefined, launchTemplate: { id: "lt-1" } }),
  ),
  bad(ENCRYPTION, "root volume", "in clear", instance({ rootBlockDevice: { volumeSize: 50 } })),
  bad(ENCRYPTION, "no root volume", "the image's", instance({ rootBlockDevice: undefined })),
  bad(
    ENCRYPTION,
    "second volume",
    "in clear",
    instance({ ebsBlockDevices: [{ deviceName: "/dev/sdb", encrypted: false }] }),
  ),
  bad(ENCRYPTION, "search domain", "in clear by default", aws("opensearch/domain:Domain", {})),
  good(
    "search domain",
    "at rest and between its nodes",
    aws("opensearch/domain:Domain", {
      encryptAtRest: { enabled: true },
      nodeToNodeEncryption: { enabled: true },
    }),
  ),
  good("Redshift", "encrypted by default", aws("redshift/cluster:Cluster", {})),
  good("MSK", "encrypted by default", aws("msk/cluster:Cluster", {})),
  bad(
    STORES,
    "quarters",
    "together they are everyone",
    group({
      ...anywhere,
      cidrBlocks: ["0.0.0.0/2", "64.0.0.0/2", "128.0.0.0/2", "192.0.0.0/2"],
    }),
  ),
  bad(STORES, "SSH", "everyone knocks", group({ ...anywhere, fromPort: 20, toPort: 25 })),

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
];
