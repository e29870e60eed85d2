import { NO_RESOURCE_LEVEL, type Statement } from "../../domain/iam";
import { arns, newOnes, ownOnes, type Scope } from "./scope";

const READS = [
  // How large node groups are by now: liveSizes.ts.
  "autoscaling:DescribeAutoScalingGroups",
  "ec2:DescribeAccountAttributes",
  "ec2:DescribeAddresses",
  "ec2:DescribeAddressesAttribute",
  "ec2:DescribeAvailabilityZones",
  "ec2:DescribeInternetGateways",
  "ec2:DescribeLaunchTemplateVersions",
  "ec2:DescribeLaunchTemplates",
  "ec2:DescribeNatGateways",
  "ec2:DescribeNetworkAcls",
  // EFS asks for it on behalf of who reads the security groups of a mount target.
  "ec2:DescribeNetworkInterfaceAttribute",
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

/** What is made, by the action that makes it. */
type Creations = Readonly<Record<string, string>>;

const FREE: Creations = {
  AllocateAddress: "elastic-ip/*",
  CreateInternetGateway: "internet-gateway/*",
  CreateLaunchTemplate: "launch-template/*",
  CreateVpc: "vpc/*",
};

const IN_VPC: Creations = {
  CreateRouteTable: "route-table/*",
  CreateSecurityGroup: "security-group/*",
  CreateSubnet: "subnet/*",
};

const IN_SUBNETS: Creations = {
  CreateNatGateway: "natgateway/*",
  CreateVpcEndpoint: "vpc-endpoint/*",
};

const CREATIONS = { ...FREE, ...IN_VPC, ...IN_SUBNETS };

const called = (creations: Creations) => Object.keys(creations).map((name) => `ec2:${name}`);

/** Making and changing the stack's own network, security groups and launch templates. */
export function networkStatements(scope: Scope): Statement[] {
  const kinds = arns(scope, "ec2", ...Object.values(CREATIONS));
  const make = (sid: string, creations: Creations): Statement => ({
    sid,
    actions: called(creations),
    on: { arns: arns(scope, "ec2", ...Object.values(creations)) },
    condition: newOnes(scope),
  });
  return [
    // EC2 also asks about what a new thing lies in, and has the tags of the request on the new thing alone. So does AWS's own
    // ROSAControlPlaneOperatorPolicy: CreateSecurityGroups with a condition, CreateSecurityGroupsVPCNoCondition without.
    make("MakeTagged", FREE),
    make("MakeTaggedInVpc", IN_VPC),
    make("MakeTaggedInSubnets", IN_SUBNETS),
    {
      // Without a condition: a VPC that another stack owns is one of the settings.
      sid: "MakeInVpc",
      actions: called({ ...IN_VPC, ...IN_SUBNETS }),
      on: { arns: arns(scope, "ec2", "vpc/*") },
    },
    {
      // NAT gateways and endpoints are made in a network of the stack's own alone.
      sid: "MakeInOwnSubnets",
      actions: called(IN_SUBNETS),
      on: {
        arns: arns(scope, "ec2", "elastic-ip/*", "route-table/*", "security-group/*", "subnet/*"),
      },
      condition: ownOnes(scope),
    },
    {
      sid: "TagNew",
      actions: ["ec2:CreateTags"],
      on: { arns: [...kinds, ...arns(scope, "ec2", "instance/*", "volume/*")] },
      condition: {
        StringEquals: { "ec2:CreateAction": [...Object.keys(CREATIONS), "RunInstances"] },
      },
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
      // EKS makes the group of the control plane, and gives it none of the cluster's tags but this one. Source: Amazon EKS User Guide,
      // "Amazon EKS security group requirements".
      sid: "OpenControlPlane",
      actions: ["ec2:AuthorizeSecurityGroupIngress", "ec2:RevokeSecurityGroupIngress"],
      on: { arns: arns(scope, "ec2", "security-group/*") },
      condition: {
        StringEquals: { "aws:ResourceTag/aws:eks:cluster-name": scope.clusterName },
      },
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
