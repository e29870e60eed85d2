import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

/** What a statement applies to: ARNs, or everything for a written reason. */
export type StatementResources =
  { readonly arns: readonly string[] } | { readonly everything: string };

/** One thing that a role may do. */
export interface Statement {
  readonly sid: string;
  /** Exact actions, `service:Action`. */
  readonly actions: readonly string[];
  readonly on: StatementResources;
  /** Condition operators with their keys and values. */
  readonly condition?: Readonly<
    Record<string, Readonly<Record<string, string | readonly string[]>>>
  >;
}

/** A policy document of the given statements. */
export function policyDocument(statements: readonly Statement[]): string {
  return JSON.stringify({
    Version: "2012-10-17",
    Statement: statements.map(({ sid, actions, on, condition }) => ({
      Sid: sid,
      Effect: "Allow",
      Action: actions,
      Resource: "arns" in on ? on.arns : "*",
      ...(condition === undefined ? {} : { Condition: condition }),
    })),
  });
}

/** Who may take a role: an AWS service. */
export function trustOf(service: "ec2.amazonaws.com" | "pods.eks.amazonaws.com"): string {
  const pods = service === "pods.eks.amazonaws.com";
  return JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Principal: { Service: service },
        // Pod Identity passes cluster, namespace and service account as session tags.
        Action: pods ? ["sts:AssumeRole", "sts:TagSession"] : ["sts:AssumeRole"],
      },
    ],
  });
}

export interface PodRoleArgs {
  readonly clusterName: pulumi.Input<string>;
  readonly namespace: string;
  readonly serviceAccount: string;
  /** AWS managed policies, by ARN. */
  readonly managedPolicyArns?: readonly string[];
  readonly statements?: readonly Statement[];
  /** Associate the role with the service account here; an add-on associates its own. */
  readonly associate: boolean;
  readonly tags: Readonly<Record<string, string>>;
}

/** A role that the pods of one service account get through EKS Pod Identity. */
export class PodRole extends pulumi.ComponentResource {
  public readonly arn: pulumi.Output<string>;
  public readonly serviceAccount: string;
  /** What must exist before the pods start: credentials are injected when a pod is created. */
  public readonly ready: readonly pulumi.Resource[];

  public constructor(name: string, args: PodRoleArgs, opts: pulumi.ComponentResourceOptions) {
    super("llm-gateway:cluster:PodRole", name, {}, opts);
    const child = { parent: this };
    const role = new aws.iam.Role(
      name,
      { assumeRolePolicy: trustOf("pods.eks.amazonaws.com"), tags: args.tags },
      child,
    );
    const grants: pulumi.Resource[] = (args.managedPolicyArns ?? []).map(
      (policyArn, index) =>
        new aws.iam.RolePolicyAttachment(`${name}-${index}`, { role: role.name, policyArn }, child),
    );
    if (args.statements !== undefined) {
      grants.push(
        new aws.iam.RolePolicy(
          name,
          { role: role.id, policy: policyDocument(args.statements) },
          child,
        ),
      );
    }
    if (args.associate) {
      grants.push(
        new aws.eks.PodIdentityAssociation(
          name,
          {
            clusterName: args.clusterName,
            namespace: args.namespace,
            serviceAccount: args.serviceAccount,
            roleArn: role.arn,
            tags: args.tags,
          },
          child,
        ),
      );
    }
    this.arn = role.arn;
    this.serviceAccount = args.serviceAccount;
    this.ready = grants;
    this.registerOutputs({ arn: this.arn });
  }
}
