import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

export interface StateBackendArgs {
  /** Name of the bucket, unique in all of AWS. */
  readonly bucketName: string;
}

/** How long a replaced state is kept, days. */
const OLD_STATES_DAYS = 90;

/** The bucket of all states: versioned, encrypted, reached over TLS alone, closed to the public. */
export class StateBackend extends pulumi.ComponentResource {
  public readonly bucketArn: pulumi.Output<string>;
  public readonly keyArn: pulumi.Output<string>;

  public constructor(
    name: string,
    { bucketName }: StateBackendArgs,
    opts: pulumi.ComponentResourceOptions,
  ) {
    super("llm-gateway:bootstrap:StateBackend", name, {}, opts);
    const child = { parent: this };
    const key = new aws.kms.Key(
      name,
      {
        description: "States of the gateway's stacks",
        enableKeyRotation: true,
        deletionWindowInDays: 30,
      },
      { ...child, protect: true },
    );
    const { arn, id: bucket } = new aws.s3.Bucket(
      name,
      { bucket: bucketName, forceDestroy: false },
      { ...child, protect: true },
    );
    new aws.s3.BucketVersioning(
      name,
      { bucket, versioningConfiguration: { status: "Enabled" } },
      child,
    );
    new aws.s3.BucketServerSideEncryptionConfiguration(
      name,
      {
        bucket,
        rules: [
          {
            applyServerSideEncryptionByDefault: {
              sseAlgorithm: "aws:kms",
              kmsMasterKeyId: key.arn,
            },
            bucketKeyEnabled: true,
          },
        ],
      },
      child,
    );
    new aws.s3.BucketOwnershipControls(
      name,
      { bucket, rule: { objectOwnership: "BucketOwnerEnforced" } },
      child,
    );
    const closed = new aws.s3.BucketPublicAccessBlock(
      name,
      {
        bucket,
        blockPublicAcls: true,
        blockPublicPolicy: true,
        ignorePublicAcls: true,
        restrictPublicBuckets: true,
      },
      child,
    );
    new aws.s3.BucketPolicy(
      name,
      { bucket, policy: arn.apply(tlsOnly) },
      // S3 refuses two changes of a bucket's access at the same time.
      { ...child, dependsOn: [closed] },
    );
    new aws.s3.BucketLifecycleConfiguration(
      name,
      {
        bucket,
        rules: [
          {
            id: "old-states",
            status: "Enabled",
            filter: { prefix: "" },
            noncurrentVersionExpiration: { noncurrentDays: OLD_STATES_DAYS },
            abortIncompleteMultipartUpload: { daysAfterInitiation: 7 },
          },
        ],
      },
      child,
    );
    this.bucketArn = arn;
    this.keyArn = key.arn;
    this.registerOutputs({ bucketArn: arn });
  }
}

/** Refuses every request that is not encrypted on its way. */
function tlsOnly(bucketArn: string): string {
  return JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "RefuseWithoutTls",
        Effect: "Deny",
        Principal: "*",
        Action: "s3:*",
        Resource: [bucketArn, `${bucketArn}/*`],
        Condition: { Bool: { "aws:SecureTransport": "false" } },
      },
    ],
  });
}
