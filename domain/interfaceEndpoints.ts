/** AWS services that a cluster without a way to the internet reaches through interface endpoints. */
export const INTERFACE_ENDPOINTS = [
  "ecr.api",
  "ecr.dkr",
  "sts",
  "ec2",
  "eks",
  "eks-auth",
  "logs",
  "elasticfilesystem",
] as const;

export type InterfaceEndpoint = (typeof INTERFACE_ENDPOINTS)[number];
