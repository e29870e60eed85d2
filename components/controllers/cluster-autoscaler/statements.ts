import { NO_RESOURCE_LEVEL, type Statement } from "../../../domain/iam";

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
      ],
      on: { everything: NO_RESOURCE_LEVEL },
    },
    {
      sid: "ReadNodeGroups",
      actions: ["eks:DescribeNodegroup"],
      on: { arns: [`arn:aws:eks:*:*:nodegroup/${clusterName}/*/*`] },
    },
    {
      sid: "ScaleOwnGroups",
      actions: [
        "autoscaling:SetDesiredCapacity",
        "autoscaling:TerminateInstanceInAutoScalingGroup",
      ],
      // EKS names the groups of node groups eks-..., and tags them.
      on: { arns: ["arn:aws:autoscaling:*:*:autoScalingGroup:*:autoScalingGroupName/eks-*"] },
      condition: {
        StringEquals: {
          [`aws:ResourceTag/k8s.io/cluster-autoscaler/${clusterName}`]: "owned",
        },
      },
    },
  ];
}
