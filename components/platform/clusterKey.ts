import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

/** Inputs of {@link clusterKey}. */
export interface ClusterKeyArgs {
  /** Name of the cluster. */
  readonly clusterName: string;
  /** AWS region of cluster and log groups. */
  readonly region: string;
  /** Log groups that are encrypted with the key, by name. @default [] - the key keeps the policy that AWS gives it */
  readonly logGroups: readonly string[];
  /** AWS tags of the key. */
  readonly tags: Readonly<Record<string, string>>;
}

/** The KMS key of the Kubernetes Secrets, and of the log groups that the stack makes. */
export function clusterKey(
  name: string,
  args: ClusterKeyArgs,
  opts: { readonly parent: pulumi.Resource },
): aws.kms.Key {
  return new aws.kms.Key(
    name,
    {
      description: `Kubernetes Secrets of ${args.clusterName}`,
      enableKeyRotation: true,
      deletionWindowInDays: 30,
      ...(args.logGroups.length === 0
        ? {}
        : { policy: accountOf(opts).apply((account) => keyPolicy(account, args)) }),
      tags: args.tags,
    },
    opts,
  );
}

/** An AWS account. */
export interface Account {
  /** Its twelve digits. */
  readonly id: string;
  /** `aws`, or that of a region apart: `aws-us-gov`, `aws-cn`. */
  readonly partition: string;
}

/** The account that the parent's provider works in. */
function accountOf(parent: { readonly parent: pulumi.Resource }): pulumi.Output<Account> {
  return pulumi
    .all([aws.getCallerIdentityOutput({}, parent), aws.getPartitionOutput({}, parent)])
    .apply(([{ accountId: id }, { partition }]) => ({ id, partition }));
}

/**
 * Who may use the key: the account, whose IAM policies decide further, which is what a key without a policy has; and CloudWatch Logs,
 * for the named groups alone. Source: Amazon CloudWatch Logs User Guide, "Encrypt log data in CloudWatch Logs using AWS KMS".
 */
export function keyPolicy(
  { id: account, partition }: Account,
  { region, logGroups }: Pick<ClusterKeyArgs, "logGroups" | "region">,
): string {
  return JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "LetIamDecide",
        Effect: "Allow",
        Principal: { AWS: `arn:${partition}:iam::${account}:root` },
        Action: "kms:*",
        Resource: "*",
      },
      {
        Sid: "EncryptLogs",
        Effect: "Allow",
        Principal: { Service: `logs.${region}.amazonaws.com` },
        Action: [
          "kms:Encrypt*",
          "kms:Decrypt*",
          "kms:ReEncrypt*",
          "kms:GenerateDataKey*",
          "kms:Describe*",
        ],
        Resource: "*",
        Condition: {
          ArnEquals: {
            "kms:EncryptionContext:aws:logs:arn": logGroups.map(
              (group) => `arn:${partition}:logs:${region}:${account}:log-group:${group}`,
            ),
          },
        },
      },
    ],
  });
}
