import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { type Statement, policyDocument, trustOf } from "../../domain/iam";

export interface PodRoleArgs {
  /** Name of the cluster, known once it can take associations. */
  readonly clusterName: pulumi.Input<string>;
  /** Namespace of the service account. */
  readonly namespace: string;
  /** Name of the service account. */
  readonly serviceAccount: string;
  /** AWS managed policies, by ARN. */
  readonly managedPolicyArns?: readonly string[];
  /**
   * What the role may do beside its managed policies.
   *
   * @default - nothing
   */
  readonly statements?: readonly Statement[];
  /** Associate the role with the service account here; an add-on associates its own. */
  readonly associate: boolean;
  /** AWS tags of everything that is made. */
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
