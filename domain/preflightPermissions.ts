import { NO_RESOURCE_LEVEL, type Statement } from "./iam";

/** What an identity needs for the whole preflight: it reads, and changes nothing. */
export const PREFLIGHT_STATEMENTS: readonly Statement[] = [
  {
    sid: "PreflightReads",
    actions: [
      "ec2:DescribeAddresses",
      "ec2:DescribeAvailabilityZones",
      "ec2:DescribeInstanceTypeOfferings",
      "ec2:DescribeInstanceTypes",
      "ec2:DescribeInstances",
      "ec2:DescribeSubnets",
      "eks:DescribeAddonVersions",
      "eks:DescribeClusterVersions",
      "logs:DescribeLogGroups",
      "servicequotas:GetAWSDefaultServiceQuota",
      "sts:GetCallerIdentity",
    ],
    on: { everything: NO_RESOURCE_LEVEL },
  },
  {
    sid: "PreflightReadsCluster",
    actions: ["eks:DescribeCluster"],
    on: { arns: ["arn:aws:eks:*:*:cluster/*"] },
  },
  {
    sid: "PreflightReadsLogGroups",
    actions: ["logs:ListTagsForResource"],
    on: {
      arns: ["arn:aws:logs:*:*:log-group:/aws/eks/*", "arn:aws:logs:*:*:log-group:/aws/rds/*"],
    },
  },
  {
    sid: "PreflightReadsQuotas",
    actions: ["servicequotas:GetServiceQuota"],
    on: { arns: ["arn:aws:servicequotas:*:*:ec2/*"] },
  },
  {
    sid: "PreflightReadsHostedZones",
    actions: ["route53:GetHostedZone"],
    on: { arns: ["arn:aws:route53:::hostedzone/*"] },
  },
  {
    sid: "PreflightReadsNodeImages",
    actions: ["ssm:GetParameters"],
    // Public parameters belong to no account.
    on: { arns: ["arn:aws:ssm:*::parameter/aws/service/eks/optimized-ami/*"] },
  },
];
