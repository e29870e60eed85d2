import type { Statement } from "../../domain/iam";
import { newOnes, ownOnes, type Scope } from "./scope";

/** Policies of AWS that the gateway's program attaches; a role of it can be given no other. */
const MANAGED_POLICIES = [
  "AmazonEC2ContainerRegistryPullOnly",
  "AmazonEKSClusterPolicy",
  "AmazonEKSWorkerNodePolicy",
  "AmazonEKS_CNI_Policy",
  "service-role/AmazonEBSCSIDriverPolicy",
  "service-role/AmazonEFSCSIDriverPolicy",
].map((name) => `arn:aws:iam::aws:policy/${name}`);

/** Services whose own roles appear with the first thing of each in an account. */
const LINKED_SERVICES = [
  "autoscaling.amazonaws.com",
  "eks-nodegroup.amazonaws.com",
  "eks.amazonaws.com",
  "elasticache.amazonaws.com",
  "elasticfilesystem.amazonaws.com",
  "elasticloadbalancing.amazonaws.com",
  "rds.amazonaws.com",
  "spot.amazonaws.com",
];

/** The roles of the gateway's program: their names begin with its component's. */
const roles = ({ accountId }: Scope) => [`arn:aws:iam::${accountId}:role/platform-*`];
const linkedRoles = ({ accountId }: Scope, services: readonly string[]) =>
  services.map((service) => `arn:aws:iam::${accountId}:role/aws-service-role/${service}/*`);

/** Reading the program's roles. */
export function identityReads(scope: Scope): Statement[] {
  return [
    {
      sid: "ReadRoles",
      actions: [
        "iam:GetRole",
        "iam:GetRolePolicy",
        "iam:ListAttachedRolePolicies",
        "iam:ListInstanceProfilesForRole",
        "iam:ListRolePolicies",
      ],
      on: {
        arns: [...roles(scope), ...linkedRoles(scope, LINKED_SERVICES)],
      },
    },
  ];
}

/** Making and changing the program's roles, tagged as its own, and handing them to the services that take them. */
export function identityStatements(scope: Scope): Statement[] {
  return [
    {
      sid: "MakeRoles",
      actions: ["iam:CreateRole", "iam:TagRole"],
      on: { arns: roles(scope) },
      condition: newOnes(scope),
    },
    {
      sid: "ChangeOwnRoles",
      actions: [
        "iam:DeleteRole",
        "iam:DeleteRolePolicy",
        "iam:PutRolePolicy",
        "iam:TagRole",
        "iam:UntagRole",
        "iam:UpdateAssumeRolePolicy",
        "iam:UpdateRole",
        "iam:UpdateRoleDescription",
      ],
      on: { arns: roles(scope) },
      condition: ownOnes(scope),
    },
    {
      sid: "AttachKnownPolicies",
      actions: ["iam:AttachRolePolicy", "iam:DetachRolePolicy"],
      on: { arns: roles(scope) },
      condition: { ...ownOnes(scope), ArnEquals: { "iam:PolicyARN": MANAGED_POLICIES } },
    },
    {
      sid: "PassOwnRoles",
      actions: ["iam:PassRole"],
      on: { arns: roles(scope) },
      condition: {
        StringEquals: {
          ...ownOnes(scope).StringEquals,
          "iam:PassedToService": [
            "ec2.amazonaws.com",
            "eks.amazonaws.com",
            "pods.eks.amazonaws.com",
          ],
        },
      },
    },
    {
      sid: "LinkServiceRoles",
      actions: ["iam:CreateServiceLinkedRole"],
      on: { arns: linkedRoles(scope, LINKED_SERVICES) },
      condition: { StringEquals: { "iam:AWSServiceName": LINKED_SERVICES } },
    },
  ];
}
