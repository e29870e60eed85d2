import { boolean } from "../factory/parameters";
import { rule } from "../factory/rule";
import { awsName, awsType, isOn, MACHINES } from "../resources/aws";
import { at, isAbsent, isGiven, items, UNKNOWN, type Value } from "../resources/values";

/** How a type that stores data is encrypted. */
interface Switch {
  /** Its property, with dots where it lies deeper. */
  readonly property: string;
  /**
   * What the property must be.
   * @default true
   */
  readonly value?: string;
  /** Whether AWS encrypts unless it is told otherwise. */
  readonly defaultOn?: boolean;
  /**
   * What is in clear without it.
   * @default "stores data"
   */
  readonly does?: string;
  /** Properties with which it takes the encryption of what it is made from. */
  readonly inheritedBy?: readonly string[];
  /** Engine that encrypts unless it is told otherwise. */
  readonly defaultOnFor?: string;
  /** Engine mode that always encrypts, whatever is written. */
  readonly alwaysOnIn?: string;
  /**
   * Whether a deployed resource takes it without being replaced: a mend must not delete what it protects.
   * @default false
   */
  readonly inPlace?: boolean;
}

const SWITCHES: Readonly<Record<string, readonly Switch[]>> = {
  "efs/fileSystem": [{ property: "encrypted" }],
  "ebs/volume": [{ property: "encrypted", inheritedBy: ["snapshotId"] }],
  "rds/instance": [
    {
      property: "storageEncrypted",
      inheritedBy: ["replicateSourceDb", "snapshotIdentifier", "restoreToPointInTime"],
    },
  ],
  "rds/cluster": [
    {
      property: "storageEncrypted",
      inheritedBy: [
        "replicationSourceIdentifier",
        "snapshotIdentifier",
        "restoreToPointInTime",
        "globalClusterIdentifier",
      ],
      // Aurora Serverless v1: Amazon Aurora User Guide, "Using Amazon Aurora Serverless v1".
      alwaysOnIn: "serverless",
    },
  ],
  "rds/globalCluster": [
    { property: "storageEncrypted", inheritedBy: ["sourceDbClusterIdentifier"] },
  ],
  "docdb/cluster": [
    { property: "storageEncrypted", inheritedBy: ["snapshotIdentifier", "restoreToPointInTime"] },
  ],
  "neptune/cluster": [
    {
      property: "storageEncrypted",
      inheritedBy: ["replicationSourceIdentifier", "snapshotIdentifier"],
    },
  ],
  "elasticache/replicationGroup": [
    {
      property: "atRestEncryptionEnabled",
      inheritedBy: ["globalReplicationGroupId"],
      defaultOnFor: "valkey",
    },
  ],
  // Off unless the block is there: the reference of the AWS provider.
  "opensearch/domain": [
    { property: "encryptAtRest.enabled" },
    { property: "nodeToNodeEncryption.enabled", does: "sends data between its nodes" },
  ],
  "elasticsearch/domain": [
    { property: "encryptAtRest.enabled" },
    { property: "nodeToNodeEncryption.enabled", does: "sends data between its nodes" },
  ],
  "dax/cluster": [{ property: "serverSideEncryption.enabled" }],
  "kinesis/stream": [{ property: "encryptionType", value: "KMS", inPlace: true }],
  // On unless it is switched off: the reference of the AWS provider.
  "redshift/cluster": [{ property: "encrypted", defaultOn: true }],
  // At rest always encrypted, and between brokers unless it is switched off: Amazon MSK Developer Guide, "Amazon MSK encryption".
  "msk/cluster": [
    {
      property: "encryptionInfo.encryptionInTransit.inCluster",
      defaultOn: true,
      does: "sends data between its brokers",
    },
  ],
};

/** Data at rest is encrypted: volumes, file systems, databases, caches. */
export const awsEncryptionAtRest = rule({
  name: "aws-encryption-at-rest",
  description: "Volumes, file systems, databases, caches and search domains are encrypted.",
  severity: "high",
  tags: ["aws", "encryption"],
  remediationSteps: "Switch the encryption on that the message names; most need it at creation.",
  url: "https://docs.aws.amazon.com/wellarchitected/latest/security-pillar/protecting-data-at-rest.html",
  parameters: {
    customerKeys: boolean(
      "Whether an EKS cluster needs a KMS key of your own; from Kubernetes 1.28 on EKS encrypts all API data with a key of AWS.",
      false,
    ),
  },
  resource: (resource, { customerKeys }, report) => {
    const type = awsType(resource.type);
    const { props } = resource;
    const name = awsName(resource);
    for (const needed of switchesOf(type).filter((one) => isClear(props, one))) {
      const { does = "stores data", property, value = "true" } = needed;
      report(`${name} ${does} in clear; write ${property}: ${value}`);
    }
    for (const volume of MACHINES.includes(type ?? "") ? clearDevices(props) : []) {
      report(
        `${name} has a volume in clear unless the account encrypts it; write ${volume}.encrypted: true`,
      );
    }
    if (type === "eks/cluster" && isAbsent(at(props, "encryptionConfig"))) {
      if (customerKeys) {
        report(`${name} has no KMS key of your own; write encryptionConfig`);
      } else if (isBefore(at(props, "version"), 28)) {
        report(`${name} keeps Secrets in clear before Kubernetes 1.28; write encryptionConfig`);
      }
    }
    if (type === "ec2/launchTemplate" && clearVolumes(props)) {
      report(`${name} gives nodes a volume in clear; write ebs.encrypted for each block device`);
    }
    if (type === "eks/nodeGroup" && isAbsent(at(props, "launchTemplate"))) {
      report(
        `${name} has no launch template, so its volumes are in clear unless the account encrypts them; write launchTemplate with ebs.encrypted`,
      );
    }
  },
  remediate: (resource, properties) => {
    const clear = switchesOf(awsType(resource.type)).filter(
      (one) => one.inPlace === true && isClear(resource.props, one),
    );
    for (const { property, value = true } of clear) {
      write(properties, property.split("."), value);
    }
    return clear.length > 0;
  },
});

function switchesOf(type: string | undefined): readonly Switch[] {
  return type !== undefined && Object.hasOwn(SWITCHES, type) ? (SWITCHES[type] ?? []) : [];
}

/** Writes a value at a path, and the objects above it where they are not there. */
function write(properties: object, [key = "", ...rest]: readonly string[], value: unknown): void {
  if (rest.length === 0) {
    Reflect.set(properties, key, value);
    return;
  }
  const present: unknown = Reflect.get(properties, key);
  const inner = typeof present === "object" && present !== null ? present : {};
  write(inner, rest, value);
  Reflect.set(properties, key, inner);
}

function isClear(props: Value, needed: Switch): boolean {
  const {
    property,
    value: wanted,
    inheritedBy = [],
    defaultOnFor,
    defaultOn = false,
    alwaysOnIn,
  } = needed;
  const value = at(props, ...property.split("."));
  const mode = at(props, "engineMode");
  if (alwaysOnIn !== undefined && (mode === alwaysOnIn || mode === UNKNOWN)) {
    return false;
  }
  const engine = at(props, "engine");
  const decidedElsewhere =
    defaultOn ||
    inheritedBy.some((source) => !isAbsent(at(props, source))) ||
    (defaultOnFor !== undefined && (engine === defaultOnFor || engine === UNKNOWN));
  if (isAbsent(value)) {
    return !decidedElsewhere;
  }
  return wanted === undefined ? isOn(value) === false : value !== UNKNOWN && value !== wanted;
}

/** The volumes of a machine that are not encrypted; what it is made from decides where it names none of its own. */
function clearDevices(props: Value): string[] {
  const root = at(props, "rootBlockDevice");
  const templated = isAbsent(root) && !isAbsent(at(props, "launchTemplate"));
  const found = !templated && isOn(at(root, "encrypted")) === false ? ["rootBlockDevice"] : [];
  items(at(props, "ebsBlockDevices")).forEach((device, index) => {
    if (isAbsent(at(device, "snapshotId")) && isOn(at(device, "encrypted")) === false) {
      found.push(`ebsBlockDevices[${index}]`);
    }
  });
  return found;
}

function isBefore(version: Value, minor: number): boolean {
  const found = typeof version === "string" ? /^1\.(\d+)/.exec(version)?.[1] : undefined;
  return found !== undefined && Number(found) < minor;
}

function clearVolumes(props: Value): boolean {
  const devices = at(props, "blockDeviceMappings");
  if (devices === UNKNOWN) {
    return false;
  }
  const stored = items(devices).filter(
    (device) =>
      device === UNKNOWN ||
      // An empty text is how AWS spells noDevice.
      (isAbsent(at(device, "virtualName")) && !isGiven(at(device, "noDevice"))),
  );
  return (
    stored.length === 0 ||
    stored.some(
      (device) =>
        isAbsent(at(device, "ebs", "snapshotId")) && isOn(at(device, "ebs", "encrypted")) === false,
    )
  );
}
