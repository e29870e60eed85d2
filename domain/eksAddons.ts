/** EKS add-ons that the platform installs, by their EKS names. */
export const ADDON_NAMES = [
  "vpc-cni",
  "kube-proxy",
  "coredns",
  "eks-pod-identity-agent",
  "aws-ebs-csi-driver",
  "aws-efs-csi-driver",
  "metrics-server",
  "eks-node-monitoring-agent",
] as const;

export type AddonName = (typeof ADDON_NAMES)[number];
