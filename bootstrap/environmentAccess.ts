import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { policyDocument } from "../domain/iam";
import { deployPolicies, previewPolicies, type RolePolicies } from "./policies/roles";
import type { Scope } from "./policies/scope";
import type { StateLocation } from "./policies/stateStatements";
import { githubTrust } from "./trust";

export interface EnvironmentAccessArgs {
  readonly scope: Scope;
  /** Whether the preview role may decrypt the secrets. */
  readonly previewReadsSecrets: boolean;
  readonly bucketArn: pulumi.Input<string>;
  readonly stateKeyArn: pulumi.Input<string>;
  /** GitHub's identity provider in the account. */
  readonly providerArn: pulumi.Input<string>;
  /** `owner/name`. */
  readonly repository: string;
}

/**
 * As long as the deploy workflow's longest run, seconds, and as long as a session of a role can be. Source: IAM API reference,
 * CreateRole, MaxSessionDuration.
 */
export const DEPLOY_SECONDS = 12 * 3600;
/** As long as a preview may take, seconds. */
export const PREVIEW_SECONDS = 3600;

/** One environment: the key of its secrets, and the roles of the jobs that deploy, preview and compare it. */
export class EnvironmentAccess extends pulumi.ComponentResource {
  public readonly secretsAlias: pulumi.Output<string>;
  public readonly deployRoleArn: pulumi.Output<string>;
  public readonly previewRoleArn: pulumi.Output<string>;
  public readonly driftRoleArn: pulumi.Output<string>;

  public constructor(
    name: string,
    args: EnvironmentAccessArgs,
    opts: pulumi.ComponentResourceOptions,
  ) {
    super("llm-gateway:bootstrap:EnvironmentAccess", name, {}, opts);
    const { scope, previewReadsSecrets: secrets } = args;
    const child = { parent: this };
    const key = new aws.kms.Key(
      name,
      {
        description: `Secrets of the stack ${scope.environment}`,
        enableKeyRotation: true,
        deletionWindowInDays: 30,
      },
      { ...child, protect: true },
    );
    const alias = new aws.kms.Alias(
      name,
      { name: `alias/llm-gateway-${scope.environment}`, targetKeyId: key.keyId },
      child,
    );
    const location = pulumi
      .all([args.bucketArn, args.stateKeyArn, key.arn])
      .apply(([bucketArn, stateKeyArn, secretsKeyArn]) => ({
        bucketArn,
        stateKeyArn,
        secretsKeyArn,
      }));
    this.secretsAlias = alias.name;
    this.deployRoleArn = this.role(
      "deploy",
      scope.environment,
      DEPLOY_SECONDS,
      args,
      location,
      (at) => deployPolicies(scope, at),
    );
    this.previewRoleArn = this.role(
      "preview",
      `${scope.environment}-preview`,
      PREVIEW_SECONDS,
      args,
      location,
      (at) => previewPolicies(scope, at, { secrets }),
    );
    // Its environment is for the main branch alone, so that it runs no code that nobody has reviewed.
    this.driftRoleArn = this.role(
      "drift",
      `${scope.environment}-drift`,
      PREVIEW_SECONDS,
      args,
      location,
      (at) => previewPolicies(scope, at, { secrets: true }),
    );
    this.registerOutputs();
  }

  private role(
    kind: "deploy" | "drift" | "preview",
    githubEnvironment: string,
    maxSessionDuration: number,
    { scope, providerArn, repository }: EnvironmentAccessArgs,
    location: pulumi.Output<StateLocation>,
    policies: (location: StateLocation) => RolePolicies,
  ): pulumi.Output<string> {
    const child = { parent: this };
    const name = `${scope.environment}-${kind}`;
    const role = new aws.iam.Role(
      name,
      {
        name: `llm-gateway-${name}`,
        description: `GitHub environment ${githubEnvironment} of ${repository}`,
        assumeRolePolicy: pulumi
          .output(providerArn)
          .apply((arn) => githubTrust(arn, repository, githubEnvironment)),
        maxSessionDuration,
      },
      child,
    );
    // The names of the policies depend on no output.
    for (const part of Object.keys(
      policies({ bucketArn: "", stateKeyArn: "", secretsKeyArn: "" }),
    )) {
      const policy = new aws.iam.Policy(
        `${name}-${part}`,
        {
          name: `llm-gateway-${name}-${part}`,
          policy: location.apply((at) => policyDocument(policies(at)[part] ?? [])),
        },
        child,
      );
      new aws.iam.RolePolicyAttachment(
        `${name}-${part}`,
        { role: role.name, policyArn: policy.arn },
        child,
      );
    }
    return role.arn;
  }
}
