import { NO_RESOURCE_LEVEL, type Statement } from "../../domain/iam";
import { arns, newOnes, ownOnes, type Scope } from "./scope";

const READS = [
  "ec2:DescribeAccountAttributes",
  "ec2:DescribeAddresses",
  "ec2:DescribeAddressesAttribute",
  "ec2:DescribeAvailabilityZones",
  "ec2:DescribeInternetGateways",
  "ec2:DescribeLaunchTemplateVersions",
  "ec2:DescribeLaunchTemplates",
  "ec2:DescribeNatGateways",
  "ec2:DescribeNetworkAcls",
  "ec2:DescribeNetworkInterfaces",
  "ec2:DescribePrefixLists",
  "ec2:DescribeRouteTables",
  "ec2:DescribeSecurityGroupRules",
  "ec2:DescribeSecurityGroups",
  "ec2:DescribeSubnets",
  "ec2:DescribeVpcEndpoints",
  "ec2:DescribeVpcs",
];

/** Reading networks and launch templates. */
export function networkReads(scope: Scope): Statement[] {
  return [
    { sid: "ReadNetwork", actions: READS, on: { everything: NO_RESOURCE_LEVEL } },
    {
      sid: "ReadVpcAttributes",
      actions: ["ec2:DescribeVpcAttribute"],
      on: { arns: arns(scope, "ec2", "vpc/*") },
    },
  ];
}

const KINDS = [
  "elastic-ip/*",
  "internet-gateway/*",
  "launch-template/*",
  "natgateway/*",
  "route-table/*",
  "security-group/*",
  "subnet/*",
  "vpc-endpoint/*",
  "vpc/*",
];

const CREATIONS = [
  "AllocateAddress",
  "CreateInternetGateway",
  "CreateLaunchTemplate",
  "CreateNatGateway",
  "CreateRouteTable",
  "CreateSecurityGroup",
  "CreateSubnet",
  "CreateVpc",
  "CreateVpcEndpoint",
];

/** Making and changing the stack's own network, security groups and launch templates. */
export function networkStatements(scope: Scope): Statement[] {
  const kinds = arns(scope, "ec2", ...KINDS);
  return [
    {
      // Also asked about what the new thing lies in: a VPC that another stack owns is one of the settings.
      sid: "MakeTagged",
      actions: CREATIONS.map((name) => `ec2:${name}`),
      on: { arns: kinds },
      condition: newOnes(scope),
    },
    {
      sid: "TagNew",
      actions: ["ec2:CreateTags"],
      on: { arns: [...kinds, ...arns(scope, "ec2", "instance/*", "volume/*")] },
      condition: { StringEquals: { "ec2:CreateAction": [...CREATIONS, "RunInstances"] } },
    },
    {
      sid: "ChangeOwnNetwork",
      actions: [
        "ec2:AssociateRouteTable",
        "ec2:AttachInternetGateway",
        "ec2:AuthorizeSecurityGroupEgress",
        "ec2:AuthorizeSecurityGroupIngress",
        "ec2:CreateLaunchTemplateVersion",
        "ec2:CreateRoute",
        "ec2:CreateTags",
        "ec2:DeleteInternetGateway",
        "ec2:DeleteLaunchTemplate",
        "ec2:DeleteNatGateway",
        "ec2:DeleteRoute",
        "ec2:DeleteRouteTable",
        "ec2:DeleteSecurityGroup",
        "ec2:DeleteSubnet",
        "ec2:DeleteTags",
        "ec2:DeleteVpc",
        "ec2:DeleteVpcEndpoints",
        "ec2:DetachInternetGateway",
        "ec2:DisassociateAddress",
        "ec2:DisassociateRouteTable",
        "ec2:ModifyLaunchTemplate",
        "ec2:ModifySubnetAttribute",
        "ec2:ModifyVpcAttribute",
        "ec2:ModifyVpcEndpoint",
        "ec2:ReleaseAddress",
        "ec2:ReplaceRoute",
        "ec2:ReplaceRouteTableAssociation",
        "ec2:RevokeSecurityGroupEgress",
        "ec2:RevokeSecurityGroupIngress",
        "ec2:UpdateSecurityGroupRuleDescriptionsEgress",
        "ec2:UpdateSecurityGroupRuleDescriptionsIngress",
      ],
      on: { arns: kinds },
      condition: ownOnes(scope),
    },
    {
      // EKS tries the launch template of a node group with the permissions of who makes the group.
      sid: "LaunchOwnTemplates",
      actions: ["ec2:RunInstances"],
      on: {
        arns: [
          ...arns(
            scope,
            "ec2",
            "capacity-reservation/*",
            "instance/*",
            "launch-template/*",
            "network-interface/*",
            "security-group/*",
            "subnet/*",
            "volume/*",
          ),
          `arn:aws:ec2:${scope.region}::image/*`,
        ],
      },
    },
  ];
}
