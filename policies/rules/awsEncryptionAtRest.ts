import type { ResourceValidationPolicy } from "@pulumi/policy";
import { awsName, awsType, isOn } from "../resources/aws";
import { at, isList, snapshot, UNKNOWN, type Value } from "../resources/values";

/** The switch of each type that stores data, and what turns it on. */
const SWITCHES: Readonly<
  Record<string, { readonly path: readonly string[]; readonly write: string }>
> = {
  "efs/fileSystem": { path: ["encrypted"], write: "encrypted: true" },
  "ebs/volume": { path: ["encrypted"], write: "encrypted: true" },
  "rds/instance": { path: ["storageEncrypted"], write: "storageEncrypted: true" },
  "rds/cluster": { path: ["storageEncrypted"], write: "storageEncrypted: true" },
  "elasticache/replicationGroup": {
    path: ["atRestEncryptionEnabled"],
    write: "atRestEncryptionEnabled: true",
  },
};

/** Data at rest is encrypted: volumes, file systems, databases, caches and Kubernetes Secrets. */
export const awsEncryptionAtRest: ResourceValidationPolicy = {
  name: "aws-encryption-at-rest",
  description: "Volumes, file systems, databases, caches and Kubernetes Secrets are encrypted.",
  enforcementLevel: "mandatory",
  validateResource: (args, report) => {
    const type = awsType(args.type);
    if (type === undefined) {
      return;
    }
    const props = snapshot(args.props);
    const name = awsName(args.type, args.name);
    const needed = SWITCHES[type];
    if (needed !== undefined && isOn(at(props, ...needed.path)) === false) {
      report(`${name} stores data in clear; write ${needed.write}`);
    }
    if (type === "eks/cluster" && at(props, "encryptionConfig") === undefined) {
      report(`${name} keeps Secrets in clear in etcd; write encryptionConfig with a KMS key`);
    }
    if (type === "ec2/launchTemplate" && clearVolumes(props)) {
      report(`${name} gives nodes a volume in clear; write ebs.encrypted for each block device`);
    }
  },
};

function clearVolumes(props: Value): boolean {
  const devices = at(props, "blockDeviceMappings");
  if (devices === UNKNOWN) {
    return false;
  }
  return (
    !isList(devices) ||
    devices.length === 0 ||
    devices.some((device) => isOn(at(device, "ebs", "encrypted")) === false)
  );
}
