import { NO_RESOURCE_LEVEL, type Statement } from "../../domain/iam";
import { fileSystems } from "./fileStatements";
import { arns, newOnes, ownOnes, type Scope } from "./scope";

/** The database, and the groups that it is named by: their names begin with the component's. */
const databases = (scope: Scope) =>
  arns(
    scope,
    "rds",
    `db:${scope.clusterName}-database`,
    "pg:platform-*",
    `snapshot:${scope.clusterName}-database*`,
    "subgrp:platform-*",
  );

const caches = (scope: Scope) =>
  arns(
    scope,
    "elasticache",
    `cluster:${scope.clusterName}-cache*`,
    "parametergroup:platform-*",
    `replicationgroup:${scope.clusterName}-cache`,
    `snapshot:${scope.clusterName}-cache*`,
    "subnetgroup:platform-*",
  );

const zones = ({ hostedZoneIds }: Scope) =>
  hostedZoneIds.map((id) => `arn:aws:route53:::hostedzone/${id}`);

/** Reading file system, database, cache and, where the stack has a host name, certificate and records. */
export function dataReads(scope: Scope): Statement[] {
  return [
    {
      sid: "ReadFileSystems",
      actions: [
        "elasticfilesystem:DescribeBackupPolicy",
        "elasticfilesystem:DescribeFileSystemPolicy",
        "elasticfilesystem:DescribeFileSystems",
        "elasticfilesystem:DescribeLifecycleConfiguration",
        "elasticfilesystem:DescribeMountTargetSecurityGroups",
        "elasticfilesystem:DescribeMountTargets",
        "elasticfilesystem:DescribeReplicationConfigurations",
        "elasticfilesystem:ListTagsForResource",
      ],
      on: { arns: fileSystems(scope) },
    },
    {
      sid: "FindDatabases",
      actions: ["rds:DescribeDBEngineVersions", "rds:DescribeEngineDefaultParameters"],
      on: { everything: NO_RESOURCE_LEVEL },
    },
    {
      sid: "ReadDatabases",
      actions: [
        "rds:DescribeDBInstances",
        "rds:DescribeDBParameterGroups",
        "rds:DescribeDBParameters",
        "rds:DescribeDBSnapshots",
        "rds:DescribeDBSubnetGroups",
        "rds:ListTagsForResource",
      ],
      on: { arns: databases(scope) },
    },
    {
      sid: "ReadCaches",
      actions: [
        "elasticache:DescribeCacheClusters",
        "elasticache:DescribeCacheParameterGroups",
        "elasticache:DescribeCacheParameters",
        "elasticache:DescribeCacheSubnetGroups",
        "elasticache:DescribeReplicationGroups",
        "elasticache:ListTagsForResource",
      ],
      on: { arns: caches(scope) },
    },
    ...(scope.hostedZoneIds.length === 0
      ? []
      : [
          {
            sid: "ReadCertificates",
            actions: ["acm:DescribeCertificate", "acm:ListTagsForCertificate"],
            on: { arns: arns(scope, "acm", "certificate/*") },
          },
          {
            sid: "ReadRecords",
            actions: ["route53:GetHostedZone", "route53:ListResourceRecordSets"],
            on: { arns: zones(scope) },
          },
          {
            sid: "FollowChanges",
            actions: ["route53:GetChange"],
            on: { arns: ["arn:aws:route53:::change/*"] },
          },
        ]),
  ];
}

/** Making and changing database and cache and, where the stack has a host name, certificate and records. */
export function dataStatements(scope: Scope): Statement[] {
  return [
    {
      sid: "MakeAndChangeDatabases",
      actions: [
        "rds:AddTagsToResource",
        "rds:CreateDBInstance",
        "rds:CreateDBParameterGroup",
        "rds:CreateDBSnapshot",
        "rds:CreateDBSubnetGroup",
        "rds:DeleteDBInstance",
        "rds:DeleteDBParameterGroup",
        "rds:DeleteDBSubnetGroup",
        "rds:ModifyDBInstance",
        "rds:ModifyDBParameterGroup",
        "rds:ModifyDBSubnetGroup",
        "rds:RebootDBInstance",
        "rds:RemoveTagsFromResource",
        "rds:ResetDBParameterGroup",
      ],
      on: { arns: databases(scope) },
    },
    {
      sid: "MakeAndChangeCaches",
      actions: [
        "elasticache:AddTagsToResource",
        "elasticache:CreateCacheCluster",
        "elasticache:CreateCacheParameterGroup",
        "elasticache:CreateCacheSubnetGroup",
        "elasticache:CreateReplicationGroup",
        "elasticache:CreateSnapshot",
        "elasticache:DecreaseReplicaCount",
        "elasticache:DeleteCacheCluster",
        "elasticache:DeleteCacheParameterGroup",
        "elasticache:DeleteCacheSubnetGroup",
        "elasticache:DeleteReplicationGroup",
        "elasticache:IncreaseReplicaCount",
        "elasticache:ModifyCacheParameterGroup",
        "elasticache:ModifyCacheSubnetGroup",
        "elasticache:ModifyReplicationGroup",
        "elasticache:RemoveTagsFromResource",
      ],
      on: { arns: caches(scope) },
    },
    ...(scope.hostedZoneIds.length === 0
      ? []
      : [
          {
            sid: "MakeCertificates",
            actions: ["acm:RequestCertificate"],
            on: { everything: NO_RESOURCE_LEVEL },
            condition: newOnes(scope),
          },
          {
            sid: "TagNewCertificates",
            actions: ["acm:AddTagsToCertificate"],
            on: { arns: arns(scope, "acm", "certificate/*") },
            condition: newOnes(scope),
          },
          {
            sid: "ChangeOwnCertificates",
            actions: [
              "acm:AddTagsToCertificate",
              "acm:DeleteCertificate",
              "acm:RemoveTagsFromCertificate",
            ],
            on: { arns: arns(scope, "acm", "certificate/*") },
            condition: ownOnes(scope),
          },
          {
            sid: "WriteRecords",
            actions: ["route53:ChangeResourceRecordSets"],
            on: { arns: zones(scope) },
          },
        ]),
  ];
}
