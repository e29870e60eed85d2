import { NO_RESOURCE_LEVEL, type Statement } from "../../domain/iam";
import { arns, newOnes, ownOnes, type Scope } from "./scope";

function clusterArns(scope: Scope): string[] {
  const { clusterName } = scope;
  return arns(
    scope,
    "eks",
    `access-entry/${clusterName}/*/*/*/*`,
    `addon/${clusterName}/*/*`,
    `cluster/${clusterName}`,
    `nodegroup/${clusterName}/*/*`,
    `podidentityassociation/${clusterName}/*`,
  );
}

function logArns(scope: Scope): string[] {
  const { clusterName } = scope;
  return arns(
    scope,
    "logs",
    `log-group:/aws/eks/${clusterName}/*`,
    `log-group:/aws/rds/instance/${clusterName}-database/*`,
  );
}

/** Reading the cluster, its parts, its key and its logs. */
export function clusterReads(scope: Scope): Statement[] {
  return [
    {
      sid: "ReadCluster",
      actions: [
        "eks:DescribeAccessEntry",
        "eks:DescribeAddon",
        "eks:DescribeCluster",
        "eks:DescribeNodegroup",
        "eks:DescribePodIdentityAssociation",
        "eks:DescribeUpdate",
        "eks:ListAccessEntries",
        "eks:ListAddons",
        "eks:ListAssociatedAccessPolicies",
        "eks:ListNodegroups",
        "eks:ListPodIdentityAssociations",
        "eks:ListTagsForResource",
        "eks:ListUpdates",
      ],
      on: { arns: clusterArns(scope) },
    },
    {
      sid: "ReadOwnKeys",
      actions: [
        "kms:DescribeKey",
        "kms:GetKeyPolicy",
        "kms:GetKeyRotationStatus",
        "kms:ListResourceTags",
      ],
      on: { arns: arns(scope, "kms", "key/*") },
      condition: ownOnes(scope),
    },
    {
      sid: "FindLogGroups",
      actions: ["logs:DescribeLogGroups"],
      on: { everything: NO_RESOURCE_LEVEL },
    },
    {
      sid: "ReadLogGroupTags",
      actions: ["logs:ListTagsForResource"],
      on: { arns: logArns(scope) },
    },
  ];
}

/** Making and changing the cluster of the stack's name, its key for Kubernetes Secrets, and its log groups. */
export function clusterStatements(scope: Scope): Statement[] {
  return [
    {
      sid: "MakeClusters",
      actions: ["eks:CreateCluster"],
      on: { everything: NO_RESOURCE_LEVEL },
      condition: newOnes(scope),
    },
    {
      sid: "ChangeCluster",
      actions: [
        "eks:AssociateAccessPolicy",
        "eks:CreateAccessEntry",
        "eks:CreateAddon",
        "eks:CreateNodegroup",
        "eks:CreatePodIdentityAssociation",
        "eks:DeleteAccessEntry",
        "eks:DeleteAddon",
        "eks:DeleteCluster",
        "eks:DeleteNodegroup",
        "eks:DeletePodIdentityAssociation",
        "eks:DisassociateAccessPolicy",
        "eks:TagResource",
        "eks:UntagResource",
        "eks:UpdateAccessEntry",
        "eks:UpdateAddon",
        "eks:UpdateClusterConfig",
        "eks:UpdateClusterVersion",
        "eks:UpdateNodegroupConfig",
        "eks:UpdateNodegroupVersion",
        "eks:UpdatePodIdentityAssociation",
      ],
      on: { arns: clusterArns(scope) },
    },
    {
      sid: "MakeKeys",
      actions: ["kms:CreateKey"],
      on: { everything: NO_RESOURCE_LEVEL },
      condition: newOnes(scope),
    },
    {
      sid: "TagNewKeys",
      actions: ["kms:TagResource"],
      on: { arns: arns(scope, "kms", "key/*") },
      condition: newOnes(scope),
    },
    {
      sid: "ChangeOwnKeys",
      actions: [
        "kms:CreateGrant",
        "kms:EnableKeyRotation",
        "kms:PutKeyPolicy",
        "kms:ScheduleKeyDeletion",
        "kms:TagResource",
        "kms:UntagResource",
        "kms:UpdateKeyDescription",
      ],
      on: { arns: arns(scope, "kms", "key/*") },
      condition: ownOnes(scope),
    },
    {
      sid: "KeepLogGroups",
      actions: [
        "logs:AssociateKmsKey",
        "logs:CreateLogGroup",
        "logs:DeleteLogGroup",
        "logs:DeleteRetentionPolicy",
        "logs:DisassociateKmsKey",
        "logs:PutRetentionPolicy",
        "logs:TagResource",
        "logs:UntagResource",
      ],
      on: { arns: logArns(scope) },
    },
  ];
}
