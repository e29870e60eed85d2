import { NO_RESOURCE_LEVEL, type Statement } from "../../domain/iam";
import { arns, newOnes, ownOnes, type Scope } from "./scope";

/** The file systems of the account: only EFS gives them their names. */
export function fileSystems(scope: Scope): string[] {
  return arns(scope, "elasticfilesystem", "file-system/*");
}

/** Making and changing the artifact file system and its mount targets. */
export function fileStatements(scope: Scope): Statement[] {
  return [
    {
      sid: "MakeFileSystems",
      actions: ["elasticfilesystem:CreateFileSystem"],
      on: { everything: NO_RESOURCE_LEVEL },
      condition: newOnes(scope),
    },
    {
      sid: "TagNewFileSystems",
      actions: ["elasticfilesystem:TagResource"],
      on: { arns: fileSystems(scope) },
      condition: newOnes(scope),
    },
    {
      sid: "ChangeOwnFileSystems",
      actions: [
        "elasticfilesystem:CreateMountTarget",
        "elasticfilesystem:DeleteFileSystem",
        "elasticfilesystem:DeleteFileSystemPolicy",
        "elasticfilesystem:DeleteMountTarget",
        "elasticfilesystem:ModifyMountTargetSecurityGroups",
        "elasticfilesystem:PutBackupPolicy",
        "elasticfilesystem:PutFileSystemPolicy",
        "elasticfilesystem:PutLifecycleConfiguration",
        "elasticfilesystem:TagResource",
        "elasticfilesystem:UntagResource",
        "elasticfilesystem:UpdateFileSystem",
      ],
      on: { arns: fileSystems(scope) },
      condition: ownOnes(scope),
    },
    // EFS makes, changes and removes the network interface of a mount target on behalf of who asks for it, without tags; subnets and
    // groups may be another stack's. Source: Amazon EFS API reference of the three actions on mount targets.
    {
      sid: "MakeMountTargets",
      actions: ["ec2:CreateNetworkInterface", "ec2:ModifyNetworkInterfaceAttribute"],
      on: { arns: arns(scope, "ec2", "network-interface/*", "security-group/*", "subnet/*") },
    },
    {
      sid: "RemoveMountTargets",
      actions: ["ec2:DeleteNetworkInterface"],
      on: { arns: arns(scope, "ec2", "network-interface/*") },
    },
  ];
}
