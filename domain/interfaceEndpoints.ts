/**
 * AWS services that a cluster without a way to the internet reaches through interface endpoints: `autoscaling` for Cluster Autoscaler and
 * `elasticloadbalancing` for the load balancer controller. Source: Amazon EKS User Guide, "Deploy private clusters with limited internet
 * access"; the Fully Private Cluster pattern of terraform-aws-eks-blueprints for `autoscaling`.
 */
export const INTERFACE_ENDPOINTS = [
  "ecr.api",
  "ecr.dkr",
  "sts",
  "ec2",
  "eks",
  "eks-auth",
  "logs",
  "elasticfilesystem",
  "autoscaling",
  "elasticloadbalancing",
] as const;

export type InterfaceEndpoint = (typeof INTERFACE_ENDPOINTS)[number];
