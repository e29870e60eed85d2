import type { Statement } from "../../domain/iam";
import type { Scope } from "./scope";

/** Where the states of the stacks are kept, each environment's under a prefix of its name. */
export interface StateLocation {
  readonly bucketArn: string;
  /** Key that the bucket's objects are encrypted with. */
  readonly stateKeyArn: string;
  /** Key that the secrets of the environment's configuration and state are encrypted with. */
  readonly secretsKeyArn: string;
}

function listing({ environment }: Scope, { bucketArn }: StateLocation): Statement {
  return {
    sid: "ListState",
    actions: ["s3:ListBucket"],
    on: { arns: [bucketArn] },
    condition: { StringLike: { "s3:prefix": [`${environment}/*`] } },
  };
}

/** Reading the environment's state, with the secrets in it or without. A preview takes no lock and writes nothing. */
export function stateReads(
  scope: Scope,
  location: StateLocation,
  { secrets }: { readonly secrets: boolean },
): Statement[] {
  return [
    listing(scope, location),
    {
      sid: "ReadState",
      actions: ["s3:GetObject"],
      on: { arns: [`${location.bucketArn}/${scope.environment}/*`] },
    },
    {
      sid: "DecryptState",
      actions: ["kms:Decrypt"],
      on: { arns: [location.stateKeyArn] },
    },
    ...(secrets
      ? [
          {
            sid: "DecryptSecrets",
            actions: ["kms:Decrypt"],
            on: { arns: [location.secretsKeyArn] },
          },
        ]
      : []),
  ];
}

/** Reading and writing the environment's state and the secrets in it. */
export function stateStatements(scope: Scope, location: StateLocation): Statement[] {
  return [
    listing(scope, location),
    {
      sid: "KeepState",
      actions: ["s3:DeleteObject", "s3:GetObject", "s3:PutObject"],
      on: { arns: [`${location.bucketArn}/${scope.environment}/*`] },
    },
    {
      sid: "EncryptState",
      actions: ["kms:Decrypt", "kms:GenerateDataKey"],
      on: { arns: [location.stateKeyArn] },
    },
    {
      sid: "EncryptSecrets",
      actions: ["kms:Decrypt", "kms:Encrypt"],
      on: { arns: [location.secretsKeyArn] },
    },
  ];
}
