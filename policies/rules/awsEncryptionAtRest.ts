import { boolean } from "../factory/parameters";
import { rule } from "../factory/rule";
import { awsName, awsType, isAbsent, isOn } from "../resources/aws";
import { at, items, UNKNOWN, type Value } from "../resources/values";

/** How a type that stores data is encrypted. */
interface Switch {
  readonly property: string;
  /** Properties with which it takes the encryption of what it is made from. */
  readonly inheritedBy?: readonly string[];
  /** Engine that encrypts unless it is told otherwise. */
  readonly defaultOnFor?: string;
}

const SWITCHES: Readonly<Record<string, Switch>> = {
  "efs/fileSystem": { property: "encrypted" },
  "ebs/volume": { property: "encrypted", inheritedBy: ["snapshotId"] },
  "rds/instance": {
    property: "storageEncrypted",
    inheritedBy: ["replicateSourceDb", "snapshotIdentifier", "restoreToPointInTime"],
  },
  "rds/cluster": {
    property: "storageEncrypted",
    inheritedBy: [
      "replicationSourceIdentifier",
      "snapshotIdentifier",
      "restoreToPointInTime",
      "globalClusterIdentifier",
    ],
  },
  "docdb/cluster": { property: "storageEncrypted", inheritedBy: ["snapshotIdentifier"] },
  "neptune/cluster": {
    property: "storageEncrypted",
    inheritedBy: ["replicationSourceIdentifier", "snapshotIdentifier"],
  },
  "elasticache/replicationGroup": {
    property: "atRestEncryptionEnabled",
    inheritedBy: ["globalReplicationGroupId"],
    defaultOnFor: "valkey",
  },
};

/** Data at rest is encrypted: volumes, file systems, databases, caches. */
export const awsEncryptionAtRest = rule({
  name: "aws-encryption-at-rest",
  description: "Volumes, file systems, databases and caches are encrypted.",
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
    const needed = SWITCHES[type ?? ""];
    if (needed !== undefined && isClear(props, needed)) {
      report(`${name} stores data in clear; write ${needed.property}: true`);
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
    const needed = SWITCHES[awsType(resource.type) ?? ""];
    if (needed === undefined || !isClear(resource.props, needed)) {
      return false;
    }
    properties[needed.property] = true;
    return true;
  },
});

function isClear(props: Value, { property, inheritedBy = [], defaultOnFor }: Switch): boolean {
  const value = at(props, property);
  const engine = at(props, "engine");
  const decidedElsewhere =
    inheritedBy.some((source) => !isAbsent(at(props, source))) ||
    (defaultOnFor !== undefined && (engine === defaultOnFor || engine === UNKNOWN));
  return isAbsent(value) ? !decidedElsewhere : isOn(value) === false;
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
      (isAbsent(at(device, "virtualName")) && !isGiven(at(device, "noDevice"))),
  );
  return (
    stored.length === 0 || stored.some((device) => isOn(at(device, "ebs", "encrypted")) === false)
  );
}

/** Whether a value is there at all: an empty text is how AWS spells `noDevice`. */
function isGiven(value: Value): boolean {
  return value !== undefined && value !== null;
}
