import { NO_RESOURCE_LEVEL, type Statement } from "../../../domain/iam";

const CLUSTER_TAG = "elbv2.k8s.aws/cluster";
const ELB = "arn:aws:elasticloadbalancing:*:*";

/**
 * AWS Load Balancer Controller for Network Load Balancers with ip targets: the part of its published policy that these
 * need, without application load balancers, WAF, Shield and Cognito. Source: docs/install/iam_policy.json of v2.13.4, which
 * aws-cdk-lib ships, too.
 */
export function loadBalancerControllerStatements(clusterName: string): Statement[] {
  const ownTag = { StringEquals: { [`aws:ResourceTag/${CLUSTER_TAG}`]: clusterName } };
  const newTag = { StringEquals: { [`aws:RequestTag/${CLUSTER_TAG}`]: clusterName } };
  return [
    {
      sid: "ReadNetwork",
      actions: [
        "ec2:DescribeAccountAttributes",
        "ec2:DescribeAddresses",
        "ec2:DescribeAvailabilityZones",
        "ec2:DescribeInstances",
        "ec2:DescribeInternetGateways",
        "ec2:DescribeNetworkInterfaces",
        "ec2:DescribeRouteTables",
        "ec2:DescribeSecurityGroups",
        "ec2:DescribeSubnets",
        "ec2:DescribeTags",
        "ec2:DescribeVpcs",
        "elasticloadbalancing:DescribeCapacityReservation",
        "elasticloadbalancing:DescribeListenerAttributes",
        "elasticloadbalancing:DescribeListenerCertificates",
        "elasticloadbalancing:DescribeListeners",
        "elasticloadbalancing:DescribeLoadBalancerAttributes",
        "elasticloadbalancing:DescribeLoadBalancers",
        "elasticloadbalancing:DescribeRules",
        "elasticloadbalancing:DescribeSSLPolicies",
        "elasticloadbalancing:DescribeTags",
        "elasticloadbalancing:DescribeTargetGroupAttributes",
        "elasticloadbalancing:DescribeTargetGroups",
        "elasticloadbalancing:DescribeTargetHealth",
      ],
      on: { everything: NO_RESOURCE_LEVEL },
    },
    {
      sid: "ReadSecurityGroupsOfVpc",
      actions: ["ec2:GetSecurityGroupsForVpc"],
      on: { arns: ["arn:aws:ec2:*:*:vpc/*"] },
    },
    {
      sid: "ListCertificates",
      actions: ["acm:ListCertificates"],
      on: { everything: NO_RESOURCE_LEVEL },
    },
    {
      sid: "ReadCertificates",
      actions: ["acm:DescribeCertificate"],
      on: { arns: ["arn:aws:acm:*:*:certificate/*"] },
    },
    {
      sid: "LinkServiceRole",
      actions: ["iam:CreateServiceLinkedRole"],
      on: {
        arns: ["arn:aws:iam::*:role/aws-service-role/elasticloadbalancing.amazonaws.com/*"],
      },
      condition: { StringEquals: { "iam:AWSServiceName": "elasticloadbalancing.amazonaws.com" } },
    },
    {
      sid: "CreateSecurityGroups",
      actions: ["ec2:CreateSecurityGroup"],
      on: { arns: ["arn:aws:ec2:*:*:security-group/*"] },
      condition: newTag,
    },
    {
      // The same call is asked about the VPC, too, which has no tag in the request.
      sid: "CreateSecurityGroupsInVpc",
      actions: ["ec2:CreateSecurityGroup"],
      on: { arns: ["arn:aws:ec2:*:*:vpc/*"] },
    },
    {
      sid: "TagNewSecurityGroups",
      actions: ["ec2:CreateTags"],
      on: { arns: ["arn:aws:ec2:*:*:security-group/*"] },
      condition: {
        StringEquals: {
          "ec2:CreateAction": "CreateSecurityGroup",
          [`aws:RequestTag/${CLUSTER_TAG}`]: clusterName,
        },
      },
    },
    {
      sid: "ChangeOwnSecurityGroups",
      actions: [
        "ec2:AuthorizeSecurityGroupIngress",
        "ec2:CreateTags",
        "ec2:DeleteSecurityGroup",
        "ec2:DeleteTags",
        "ec2:RevokeSecurityGroupIngress",
      ],
      on: { arns: ["arn:aws:ec2:*:*:security-group/*"] },
      condition: ownTag,
    },
    {
      sid: "OpenNodesToLoadBalancer",
      actions: ["ec2:AuthorizeSecurityGroupIngress", "ec2:RevokeSecurityGroupIngress"],
      on: { arns: ["arn:aws:ec2:*:*:security-group/*"] },
      // EKS tags the cluster's security group, which pods share, with this.
      condition: {
        StringEquals: { [`aws:ResourceTag/kubernetes.io/cluster/${clusterName}`]: "owned" },
      },
    },
    {
      sid: "CreateLoadBalancers",
      actions: [
        "elasticloadbalancing:CreateLoadBalancer",
        "elasticloadbalancing:CreateTargetGroup",
      ],
      on: { arns: [`${ELB}:loadbalancer/net/*/*`, `${ELB}:targetgroup/*/*`] },
      condition: newTag,
    },
    {
      sid: "TagNewLoadBalancers",
      actions: ["elasticloadbalancing:AddTags"],
      on: { arns: [`${ELB}:loadbalancer/net/*/*`, `${ELB}:targetgroup/*/*`] },
      condition: {
        StringEquals: {
          "elasticloadbalancing:CreateAction": ["CreateLoadBalancer", "CreateTargetGroup"],
          [`aws:RequestTag/${CLUSTER_TAG}`]: clusterName,
        },
      },
    },
    {
      // A listener is made with its tags, and has none yet that ChangeOwnLoadBalancers could look at.
      sid: "TagNewListeners",
      actions: ["elasticloadbalancing:AddTags"],
      on: { arns: [`${ELB}:listener/net/*/*/*`] },
      condition: newTag,
    },
    {
      sid: "ChangeOwnLoadBalancers",
      actions: [
        "elasticloadbalancing:AddListenerCertificates",
        "elasticloadbalancing:AddTags",
        "elasticloadbalancing:CreateListener",
        "elasticloadbalancing:DeleteListener",
        "elasticloadbalancing:DeleteLoadBalancer",
        "elasticloadbalancing:DeleteTargetGroup",
        "elasticloadbalancing:DeregisterTargets",
        "elasticloadbalancing:ModifyListener",
        "elasticloadbalancing:ModifyListenerAttributes",
        "elasticloadbalancing:ModifyLoadBalancerAttributes",
        "elasticloadbalancing:ModifyTargetGroup",
        "elasticloadbalancing:ModifyTargetGroupAttributes",
        "elasticloadbalancing:RegisterTargets",
        "elasticloadbalancing:RemoveListenerCertificates",
        "elasticloadbalancing:RemoveTags",
        "elasticloadbalancing:SetSecurityGroups",
        "elasticloadbalancing:SetSubnets",
      ],
      on: {
        arns: [
          `${ELB}:loadbalancer/net/*/*`,
          `${ELB}:listener/net/*/*/*`,
          `${ELB}:targetgroup/*/*`,
        ],
      },
      condition: ownTag,
    },
  ];
}
