/** Who a trust or resource policy lets in: what a condition is worth, and what an identity provider's subject must say. */
import { describe, expect, test } from "vitest";
import { aws, role, statement, trust } from "./corpus/builders/aws";
import { LATER, violations, type TestResource } from "./support";

const RULE = "aws-trusted-principals";
const judge = async (resource: TestResource) =>
  (await violations([resource], { only: [RULE] }))[RULE] ?? [];

const GITHUB = "token.actions.githubusercontent.com";
const EKS = "oidc.eks.us-west-2.amazonaws.com/id/ABC";
const web = (issuer: string, Condition?: unknown) =>
  role({
    assumeRolePolicy: statement({
      Action: "sts:AssumeRoleWithWebIdentity",
      Principal: { Federated: `arn:aws:iam::1:oidc-provider/${issuer}` },
      Condition,
    }),
  });

describe("a condition excuses everyone that names who calls, or from where:", () => {
  test.each([
    { StringEquals: { "aws:PrincipalOrgID": "o-1" } },
    { StringEquals: { "AWS:principalorgid": ["o-1", "o-2"] } },
    { StringLike: { "aws:PrincipalOrgPaths": "o-a1b2/r-1/*" } },
    { "ForAnyValue:StringLike": { "aws:PrincipalOrgPaths": ["o-a1b2/r-1/*"] } },
    { ArnEquals: { "aws:SourceArn": "arn:aws:sns:us-west-2:123456789012:topic" } },
    { ArnLike: { "aws:SourceArn": "arn:aws:s3:::bucket-*" } },
    { ArnLike: { "aws:PrincipalArn": "arn:aws:iam::123456789012:role/*" } },
    {
      StringEquals: { "aws:SourceAccount": "123456789012" },
      Bool: { "aws:SecureTransport": true },
    },
    { StringEquals: { "aws:SourceVpce": "vpce-1" } },
    { IpAddress: { "aws:SourceIp": ["203.0.113.0/24"] } },
    { StringEquals: { "kms:CallerAccount": "1", "kms:ViaService": "s3.us-west-2.amazonaws.com" } },
    { Bool: { "elasticfilesystem:AccessedViaMountTarget": "true" } },
  ])("%j", async (Condition) => {
    for (const Principal of ["*", { AWS: "*" }, { AWS: ["*"] }]) {
      expect(await judge(role({ assumeRolePolicy: trust({ Principal, Condition }) }))).toEqual([]);
    }
  });
});

describe("a condition excuses nobody that lets others pass:", () => {
  test.each([
    {},
    { StringNotEquals: { "aws:PrincipalOrgID": "o-1" } },
    { StringNotLike: { "aws:PrincipalArn": "arn:aws:iam::1:role/x" } },
    { ArnNotEquals: { "aws:PrincipalArn": "arn:aws:iam::1:role/x" } },
    { NotIpAddress: { "aws:SourceIp": "203.0.113.0/24" } },
    { StringEqualsIfExists: { "aws:PrincipalOrgID": "o-1" } },
    { "ForAllValues:StringEquals": { "aws:PrincipalOrgPaths": "o-a1b2/r-1/" } },
    { StringLike: { "aws:PrincipalOrgID": "*" } },
    { StringLike: { "aws:PrincipalOrgID": ["o-1", "*"] } },
    { StringLike: { "aws:PrincipalOrgID": "o-*" } },
    { StringEquals: { "aws:PrincipalOrgID": "*" } },
    { StringLike: { "aws:PrincipalOrgPaths": "*/r-1/" } },
    { ArnLike: { "aws:PrincipalArn": "arn:aws:iam::*:role/ci" } },
    { ArnLike: { "aws:SourceArn": "arn:aws:s3:::*" } },
    { ArnLike: { "aws:SourceArn": "*" } },
    { IpAddress: { "aws:SourceIp": "0.0.0.0/0" } },
    { Null: { "aws:PrincipalOrgID": "false" } },
    { Bool: { "aws:SecureTransport": "true" } },
    { Bool: { "elasticfilesystem:AccessedViaMountTarget": "false" } },
    { StringEquals: { "kms:ViaService": "s3.us-west-2.amazonaws.com" } },
    { StringEquals: { "sts:ExternalId": "1" } },
    { StringEquals: { "aws:PrincipalTag/team": "a" } },
    { StringEquals: { "aws:RequestedRegion": "us-west-2" } },
  ])("%j", async (Condition) => {
    for (const Principal of ["*", { AWS: "*" }, { AWS: ["arn:aws:iam::1:root", "*"] }]) {
      expect(await judge(role({ assumeRolePolicy: trust({ Principal, Condition }) }))).toEqual([
        expect.stringContaining("S: is open to everyone; name the principals, or add a Condition"),
      ]);
    }
  });
});

test("NotPrincipal lets in everyone else, and takes away nothing where it is denied", async () => {
  const but = { NotPrincipal: { AWS: "arn:aws:iam::1:root" } };
  expect(await judge(role({ assumeRolePolicy: trust(but) }))).toEqual([
    expect.stringContaining("is open to everyone but those in NotPrincipal; name in Principal"),
  ]);
  expect(await judge(role({ assumeRolePolicy: trust({ ...but, Effect: "Deny" }) }))).toEqual([]);
});

describe("a trust in an identity provider names whose tokens it takes:", () => {
  const github = (sub: unknown, operator = "StringLike", aud: unknown = "sts.amazonaws.com") =>
    web(GITHUB, {
      StringEquals: { [`${GITHUB}:aud`]: aud },
      [operator]: { [`${GITHUB}:sub`]: sub },
    });

  test.each([
    ["repo:owner/name:ref:refs/heads/main"],
    ["repo:owner/name:*"],
    ["repo:owner/*"],
    [["repo:owner/a:*", "repo:owner/b:*"]],
  ])("GitHub, %j is fine", async (sub) => {
    expect(await judge(github(sub))).toEqual([]);
  });

  test.each([
    ["*", "StringLike"],
    ["repo:*", "StringLike"],
    ["repo:*/name:*", "StringLike"],
    ["repo:owner*", "StringLike"],
    ["repo:*", "StringEquals"],
    [["repo:owner/a:*", "repo:*"], "StringLike"],
    ["repo:owner/name:*", "StringNotLike"],
    ["repo:owner/name:*", "StringLikeIfExists"],
    ["repo:owner/name:*", "ForAllValues:StringLike"],
  ])("GitHub, %j with %s is refused", async (sub, operator) => {
    expect(await judge(github(sub, operator))).toEqual([
      expect.stringContaining(`add a Condition on ${GITHUB}:sub`),
    ]);
  });

  test("GitHub without a subject, and without an audience", async () => {
    const sub = { StringLike: { [`${GITHUB}:sub`]: "repo:owner/name:*" } };
    const aud = { StringEquals: { [`${GITHUB}:aud`]: "sts.amazonaws.com" } };
    expect(await judge(web(GITHUB))).toHaveLength(1);
    expect(await judge(web(GITHUB, aud))).toEqual([expect.stringContaining(`${GITHUB}:sub`)]);
    expect(await judge(web(GITHUB, sub))).toEqual([expect.stringContaining(`${GITHUB}:aud`)]);
    expect(await judge(github("repo:owner/name:*", "StringLike", "*"))).toHaveLength(1);
  });

  test.each([
    [{ [`${EKS}:sub`]: "system:serviceaccount:shop:web" }, 0],
    [{ [`${EKS}:sub`]: "system:serviceaccount:shop:*" }, 0],
    [{ [`${EKS}:sub`]: "system:serviceaccount:*" }, 1],
    [{ [`${EKS}:sub`]: "system:serviceaccount:*:web" }, 1],
    [{ [`${EKS}:aud`]: "sts.amazonaws.com" }, 1],
    [undefined, 1],
  ])("EKS, %j: %i reports", async (comparison, reports) => {
    const condition = comparison === undefined ? undefined : { StringLike: comparison };
    expect(await judge(web(EKS, condition))).toHaveLength(reports);
  });

  test.each(["gitlab.com", "app.terraform.io", "agent.buildkite.com"])(
    "%s needs a subject: any job of the world may ask for any audience",
    async (issuer) => {
      expect(await judge(web(issuer, { StringEquals: { [`${issuer}:aud`]: "aws" } }))).toEqual([
        expect.stringMatching(/:sub, such as "(?:project_path|organization):/),
      ]);
      expect(await judge(web(issuer, { StringLike: { [`${issuer}:sub`]: "org:a:*" } }))).toEqual(
        [],
      );
    },
  );

  const BITBUCKET = "api.bitbucket.org/2.0/workspaces/acme/pipelines-config/identity/oidc";
  test.each([
    ["api.pulumi.com/oidc", "aws:my-org"],
    [BITBUCKET, "ari:cloud:bitbucket::workspace/0b1c2d3e"],
    ["gitlab.example.com", "https://gitlab.example.com"],
    ["login.example.com", ["shop", "shop-staging"]],
  ])("an audience of one's own at %s names who", async (issuer, aud) => {
    const key = `${issuer}:aud`;
    expect(await judge(web(issuer, { StringEquals: { [key]: aud } }))).toEqual([]);
    expect(await judge(web(issuer, { StringEquals: { [key]: LATER } }))).toEqual([]);
    for (const condition of [
      undefined,
      { StringEquals: { [key]: "sts.amazonaws.com" } },
      { StringEquals: { [key]: [aud, "sts.amazonaws.com"].flat() } },
      { StringLike: { [key]: "aws:*" } },
      { StringNotEquals: { [key]: aud } },
      { StringEqualsIfExists: { [key]: aud } },
    ]) {
      expect(await judge(web(issuer, condition))).toHaveLength(1);
    }
  });

  test.each([
    ["api.pulumi.com/oidc", 'api.pulumi.com/oidc:aud, such as "aws:my-org"'],
    [BITBUCKET, `${BITBUCKET}:aud, such as "ari:cloud:bitbucket::workspace/`],
    [EKS, `${EKS}:sub, such as "system:serviceaccount:`],
    [GITHUB, `${GITHUB}:sub, such as "repo:`],
    ["login.example.com", "login.example.com:aud with an audience of your own"],
  ])("the example for %s is one of its own", async (issuer, example) => {
    expect(await judge(web(issuer))).toEqual([expect.stringContaining(example)]);
  });

  test.each([
    ["repository", "owner/name", 0],
    ["repository", ["owner/a", "owner/b"], 0],
    ["repository", "owner/*", 0],
    ["repository", "*", 1],
    ["repository", "*/name", 1],
    ["job_workflow_ref", "owner/name/.github/workflows/deploy.yml@refs/heads/main", 0],
    ["job_workflow_ref", "*/.github/workflows/deploy.yml@*", 1],
    ["ref", "refs/heads/main", 1],
  ])("GitHub by %s %j: %i reports", async (claim, value, reports) => {
    const aud = { [`${GITHUB}:aud`]: "sts.amazonaws.com" };
    const condition = { StringEquals: aud, StringLike: { [`${GITHUB}:${claim}`]: value } };
    expect(await judge(web(GITHUB, condition))).toHaveLength(reports);
    // The audience is another matter.
    expect(
      await judge(web(GITHUB, { StringLike: { [`${GITHUB}:${claim}`]: value } })),
    ).toHaveLength(1);
  });

  test("a provider that AWS knows needs the audience", async () => {
    const pool = (Condition?: object) =>
      role({
        assumeRolePolicy: statement({
          Action: "sts:AssumeRoleWithWebIdentity",
          Principal: { Federated: "cognito-identity.amazonaws.com" },
          Condition,
        }),
      });
    expect(await judge(pool())).toHaveLength(1);
    const aud = { StringEquals: { "cognito-identity.amazonaws.com:aud": "us-west-2:pool" } };
    expect(await judge(pool(aud))).toEqual([]);
  });

  test.each(["sts:*", "*", "sts:assumerolewithwebidentity"])(
    "%s is the action too",
    async (Action) => {
      const Principal = { Federated: `arn:aws:iam::1:oidc-provider/${GITHUB}` };
      expect(
        await judge(role({ assumeRolePolicy: statement({ Action, Principal }) })),
      ).toHaveLength(1);
    },
  );
});

test("what is unknown accuses nobody", async () => {
  const document = (fields: object) => ({ Statement: [{ Effect: "Allow", ...fields }] });
  for (const fields of [
    { Action: "sts:AssumeRole", Principal: "*", Condition: LATER },
    {
      Action: "sts:AssumeRole",
      Principal: "*",
      Condition: { StringEquals: { "aws:PrincipalOrgID": LATER } },
    },
    { Action: "sts:AssumeRole", Principal: LATER },
  ]) {
    expect(await judge(role({ assumeRolePolicy: document(fields) }))).toEqual([]);
  }
});

test.each([
  ["sns/topic:Topic"],
  ["sqs/queue:Queue"],
  ["secretsmanager/secret:Secret"],
  ["kms/replicaKey:ReplicaKey"],
  ["s3/accessPoint:AccessPoint"],
  ["backup/vaultPolicy:VaultPolicy"],
])("the policy of %s counts", async (type) => {
  const open = statement({ Action: "s3:GetObject", Principal: "*", Resource: "*" });
  expect(await judge(aws(type, { policy: open }))).toHaveLength(1);
});
