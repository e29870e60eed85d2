import type { AwsResource } from "./resources";
import { arn, prefixed, text } from "./resources";

/** A setting of a bucket that has no identity of its own. */
function bucketSetting(...required: readonly string[]): AwsResource {
  return {
    required: ["bucket", ...required],
    replaceOn: ["bucket"],
    id: (inputs) => text(inputs.bucket, ""),
    outputs: () => ({}),
  };
}

/** The AWS resource types that the bootstrap program alone declares. */
export const BOOTSTRAP_RESOURCES: Readonly<Record<string, AwsResource>> = {
  "aws:s3/bucket:Bucket": {
    required: [],
    replaceOn: ["bucket", "bucketPrefix"],
    id: (inputs, unique) => text(inputs.bucket, `bucket-${unique}`),
    outputs: (_inputs, id) => ({ arn: `arn:aws:s3:::${id}` }),
  },
  "aws:s3/bucketVersioning:BucketVersioning": bucketSetting("versioningConfiguration"),
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration":
    bucketSetting("rules"),
  "aws:s3/bucketOwnershipControls:BucketOwnershipControls": bucketSetting("rule"),
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": bucketSetting(),
  "aws:s3/bucketPolicy:BucketPolicy": bucketSetting("policy"),
  "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": bucketSetting(),
  "aws:kms/alias:Alias": {
    required: ["targetKeyId"],
    replaceOn: ["name", "namePrefix"],
    id: (inputs, unique) => text(inputs.name, `alias/${unique}`),
    outputs: (_inputs, id) => ({ name: id, arn: arn("kms", id) }),
  },
  "aws:iam/openIdConnectProvider:OpenIdConnectProvider": {
    required: ["url", "clientIdLists"],
    replaceOn: ["url"],
    id: prefixed("oidc"),
    outputs: (inputs) => ({
      arn: arn("iam", `oidc-provider/${text(inputs.url, "").replace("https://", "")}`, ""),
    }),
  },
  "aws:iam/policy:Policy": {
    required: ["policy"],
    replaceOn: ["name", "namePrefix", "path", "description"],
    id: (inputs, unique) => arn("iam", `policy/${text(inputs.name, unique)}`, ""),
    outputs: (_inputs, id) => ({ arn: id }),
  },
};
