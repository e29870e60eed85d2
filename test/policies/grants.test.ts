/** Whom a resource of AWS lets in by a property of its own. */
import { describe, expect, test } from "vitest";
import { openGrants } from "../../policies/resources/grants";
import { UNKNOWN, type Value } from "../../policies/resources/values";

const group = (name: string, more: readonly Value[] = []): Value => ({
  accessControlPolicy: {
    grants: [...more, { grantee: { uri: `http://acs.amazonaws.com/groups/${name}` } }],
  },
});
const account: Value = { grantee: { id: "canonical-user" } };

describe("everyone is let in", () => {
  test.each<[string, string, Value, string, string]>([
    [
      "by a function's permission",
      "lambda/permission",
      { principal: "*" },
      "everyone",
      "name the service or account in principal, or write sourceArn or principalOrgId",
    ],
    [
      "by a layer's permission",
      "lambda/layerVersionPermission",
      { principal: "*", sourceArn: "" },
      "everyone",
      "name the service or account in principal, or write organizationId",
    ],
    [
      "by a URL of a function",
      "lambda/functionUrl",
      { authorizationType: "NONE" },
      "everyone",
      "write authorizationType: AWS_IAM",
    ],
    [
      "to read a bucket",
      "s3/bucket",
      { acl: "public-read" },
      "everyone (acl public-read)",
      "write acl: private",
    ],
    [
      "to write a bucket",
      "s3/bucketV2",
      { acl: "public-read-write" },
      "everyone (acl public-read-write)",
      "write acl: private",
    ],
    [
      "with an account of AWS",
      "s3/bucketAcl",
      { acl: "authenticated-read" },
      "everyone (acl authenticated-read)",
      "write acl: private",
    ],
    [
      "to an object",
      "s3/bucketObjectv2",
      { acl: "public-read" },
      "everyone (acl public-read)",
      "write acl: private",
    ],
    [
      "to a copy",
      "s3/objectCopy",
      { acl: "public-read" },
      "everyone (acl public-read)",
      "write acl: private",
    ],
    [
      "by a grant to all",
      "s3/bucketAcl",
      group("global/AllUsers"),
      "everyone (a grant to a group of all)",
      "name the accounts in its grants",
    ],
    [
      "by one of several grants",
      "s3/bucketAclV2",
      group("global/AuthenticatedUsers", [account]),
      "everyone (a grant to a group of all)",
      "name the accounts in its grants",
    ],
  ])("%s", (_what, type, props, whom, remedy) => {
    expect(openGrants(type, props)).toEqual([{ whom, remedy }]);
  });

  test("twice where it is said twice", () => {
    const both = { acl: "public-read", ...(group("global/AllUsers") as object) };
    expect(openGrants("s3/bucketAcl", both)).toHaveLength(2);
  });
});

describe("not everyone is let in", () => {
  test.each<[string, string, Value]>([
    ["by a permission of a service", "lambda/permission", { principal: "sns.amazonaws.com" }],
    [
      "by a permission for a source",
      "lambda/permission",
      { principal: "*", sourceArn: "arn:aws:s3:::b" },
    ],
    ["by a permission for an account", "lambda/permission", { principal: "*", sourceAccount: "1" }],
    [
      "by a permission for an organization",
      "lambda/permission",
      { principal: "*", principalOrgId: "o-1" },
    ],
    [
      "by a permission of a layer for one",
      "lambda/layerVersionPermission",
      { principal: "*", organizationId: "o-1" },
    ],
    [
      "by a source that is not known yet",
      "lambda/permission",
      { principal: "*", sourceArn: UNKNOWN },
    ],
    ["by a principal that is not known yet", "lambda/permission", { principal: UNKNOWN }],
    ["by a principal of something else", "lambda/permissions", { principal: "*" }],
    ["by a URL that asks who it is", "lambda/functionUrl", { authorizationType: "AWS_IAM" }],
    ["by the type of another thing", "lambda/function", { authorizationType: "NONE" }],
    ["by a private list", "s3/bucket", { acl: "private" }],
    ["by a list that is not known yet", "s3/bucket", { acl: UNKNOWN }],
    ["by a list of something else", "rds/instance", { acl: "public-read" }],
    ["by no list", "s3/bucket", {}],
    ["by a grant for log delivery", "s3/bucketAcl", group("s3/LogDelivery")],
    ["by a grant for accounts", "s3/bucketAcl", { accessControlPolicy: { grants: [account] } }],
    ["by grants of something else", "s3/bucketPolicy", group("global/AllUsers")],
    ["by a group whose name only begins so", "s3/bucketAcl", group("global/AllUsersOfOurs")],
  ])("%s", (_what, type, props) => {
    expect(openGrants(type, props)).toEqual([]);
  });
});
