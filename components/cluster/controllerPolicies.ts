import type { Statement } from "./iam";

const NO_RESOURCE_LEVEL = "AWS offers no resource-level permission for these read-only actions";

/**
 * Cluster Autoscaler over managed node groups. Source: Cluster Autoscaler documentation for AWS, "Full Cluster Autoscaler
 * Features Policy"; the condition limits changes to the groups of this cluster.
 */
export function clusterAutoscalerStatements(clusterName: string): Statement[] {
  return [
    {
      sid: "ReadScalingGroups",
      actions: [
        "autoscaling:DescribeAutoScalingGroups",
        "autoscaling:DescribeAutoScalingInstances",
        "autoscaling:DescribeLaunchConfigurations",
        "autoscaling:DescribeScalingActivities",
        "autoscaling:DescribeTags",
        "ec2:DescribeImages",
        "ec2:DescribeInstanceTypes",
        "ec2:DescribeLaunchTemplateVersions",
        "ec2:GetInstanceTypesFromInstanceRequirements",
        "eks:DescribeNodegroup",
      ],
      on: { everything: `${NO_RESOURCE_LEVEL}, and node groups are named after the role is made` },
    },
    {
      sid: "ScaleOwnGroups",
      actions: [
        "autoscaling:SetDesiredCapacity",
        "autoscaling:TerminateInstanceInAutoScalingGroup",
      ],
      on: {
        everything: "EKS names the groups; the condition limits them to those of this cluster",
      },
      condition: {
        StringEquals: {
          [`aws:ResourceTag/k8s.io/cluster-autoscaler/${clusterName}`]: "owned",
        },
      },
    },
  ];
}

const CLUSTER_TAG = "elbv2.k8s.aws/cluster";
const ELB = "arn:aws:elasticloadbalancing:*:*";

/**
 * AWS Load Balancer Controller for Network Load Balancers with ip targets: the part of its published policy that these
 * need, without application load balancers, WAF, Shield and Cognito. Source: the controller's docs/install/iam_policy.json.
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
        "ec2:DescribeSecurityGroups",
        "ec2:DescribeSubnets",
        "ec2:DescribeTags",
        "ec2:DescribeVpcs",
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
      sid: "ReadCertificates",
      actions: ["acm:DescribeCertificate", "acm:ListCertificates"],
      on: {
        everything: "a certificate is named in the Service's annotation, later than this role",
      },
    },
    {
      sid: "LinkServiceRole",
      actions: ["iam:CreateServiceLinkedRole"],
      on: { everything: "the role is AWS's own; the condition limits it to load balancing" },
      condition: { StringEquals: { "iam:AWSServiceName": "elasticloadbalancing.amazonaws.com" } },
    },
    {
      sid: "CreateSecurityGroups",
      actions: ["ec2:CreateSecurityGroup"],
      on: { arns: ["arn:aws:ec2:*:*:security-group/*", "arn:aws:ec2:*:*:vpc/*"] },
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
