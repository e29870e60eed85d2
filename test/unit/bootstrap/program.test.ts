/** The bootstrap's components under the engine's mocks. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { EnvironmentAccess } from "../../../bootstrap/environmentAccess";
import { StateBackend } from "../../../bootstrap/stateBackend";
import { REPOSITORY } from "../../../local/control-plane/environment";
import { LOCATION, SCOPE } from "../../support/bootstrap";

interface Registered {
  readonly type: string;
  readonly name: string;
  readonly inputs: Readonly<Record<string, unknown>>;
}

const registered: Registered[] = [];
/** Type and name of what the engine refuses to delete. */
const guarded: string[] = [];

const watched: pulumi.ComponentResourceOptions = {
  transformations: [
    ({ type, name, opts }) => {
      if (opts.protect === true) {
        guarded.push(`${type} ${name}`);
      }
      return undefined;
    },
  ],
};

beforeAll(async () => {
  await pulumi.runtime.setMocks({
    newResource: ({ type, name, inputs }) => {
      const given = inputs as Record<string, unknown>;
      registered.push({ type, name, inputs: given });
      const computed = { arn: `arn:${name}`, keyId: `${name}-key-id`, name: given.name ?? name };
      return { id: `${name}-id`, state: { ...given, ...computed } };
    },
    call: () => ({}),
  });
  new StateBackend("state", { bucketName: "example-state" }, watched);
  for (const [environment, previewReadsSecrets] of [
    ["dev", true],
    ["prod", false],
  ] as const) {
    new EnvironmentAccess(
      environment,
      {
        scope: { ...SCOPE, environment, clusterName: `llm-gateway-${environment}` },
        previewReadsSecrets,
        bucketArn: LOCATION.bucketArn,
        stateKeyArn: LOCATION.stateKeyArn,
        providerArn: "arn:provider",
        repository: "owner/name",
      },
      watched,
    );
  }
  await pulumi.runtime.disconnect();
});

function inputs(type: string, name: string): Registered["inputs"] {
  const found = registered.find((resource) => resource.type === type && resource.name === name);
  if (found === undefined) {
    throw new Error(`there is no ${type} ${name}`);
  }
  return found.inputs;
}

const trust = z.object({
  Statement: z.tuple([
    z.object({
      Principal: z.object({ Federated: z.string() }),
      Condition: z.object({ StringEquals: z.record(z.string(), z.string()) }),
    }),
  ]),
});
const document = z.object({
  Statement: z.array(
    z.object({ Action: z.array(z.string()), Resource: z.union([z.string(), z.array(z.string())]) }),
  ),
});

describe("the bucket of the states", () => {
  test("keeps versions, for a while", () => {
    expect(inputs("aws:s3/bucketVersioning:BucketVersioning", "state")).toMatchObject({
      versioningConfiguration: { status: "Enabled" },
    });
    expect(
      inputs("aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration", "state"),
    ).toMatchObject({ rules: [{ noncurrentVersionExpiration: { noncurrentDays: 90 } }] });
  });

  test("is encrypted with a key of its own, that rotates", () => {
    expect(
      inputs(
        "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
        "state",
      ),
    ).toMatchObject({
      rules: [
        {
          applyServerSideEncryptionByDefault: {
            sseAlgorithm: "aws:kms",
            kmsMasterKeyId: "arn:state",
          },
        },
      ],
    });
    expect(inputs("aws:kms/key:Key", "state").enableKeyRotation).toBe(true);
  });

  test("is closed to the public and to requests without TLS", () => {
    expect(inputs("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock", "state")).toMatchObject(
      {
        blockPublicAcls: true,
        blockPublicPolicy: true,
        ignorePublicAcls: true,
        restrictPublicBuckets: true,
      },
    );
    const policy: unknown = JSON.parse(
      String(inputs("aws:s3/bucketPolicy:BucketPolicy", "state").policy),
    );
    expect(policy).toMatchObject({
      Statement: [
        {
          Effect: "Deny",
          Action: "s3:*",
          Resource: ["arn:state", "arn:state/*"],
          Condition: { Bool: { "aws:SecureTransport": "false" } },
        },
      ],
    });
  });
});

test("the bucket of the states and every key are protected from deletion", () => {
  expect([...guarded].sort()).toEqual([
    "aws:kms/key:Key dev",
    "aws:kms/key:Key prod",
    "aws:kms/key:Key state",
    "aws:s3/bucket:Bucket state",
  ]);
});

describe("the roles of an environment", () => {
  test.each([
    ["dev-deploy", "repo:owner/name:environment:dev"],
    ["dev-preview", "repo:owner/name:environment:dev-preview"],
    ["prod-deploy", "repo:owner/name:environment:prod"],
    ["prod-preview", "repo:owner/name:environment:prod-preview"],
    ["dev-drift", "repo:owner/name:environment:dev-drift"],
    ["prod-drift", "repo:owner/name:environment:prod-drift"],
  ])("%s trusts jobs of %s alone", (role, subject) => {
    const { Statement: statements } = trust.parse(
      JSON.parse(String(inputs("aws:iam/role:Role", role).assumeRolePolicy)),
    );
    expect(statements[0]).toEqual({
      Principal: { Federated: "arn:provider" },
      Condition: {
        StringEquals: {
          "token.actions.githubusercontent.com:aud": "sts.amazonaws.com",
          "token.actions.githubusercontent.com:sub": subject,
        },
      },
    });
  });

  test("are as many for an environment as docs/aws.md and docs/ci.md say", () => {
    const roles = registered.filter(
      ({ type, name }) => type === "aws:iam/role:Role" && name.startsWith("dev-"),
    );
    expect(roles).toHaveLength(3);
    for (const document of ["aws.md", "ci.md"]) {
      const text = readFileSync(join(REPOSITORY, "docs", document), "utf8");
      expect(text).toMatch(/for each\s+environment[^.]*\bthree roles/);
    }
  });

  test("have each policy attached", () => {
    const attached = registered
      .filter(({ type }) => type === "aws:iam/rolePolicyAttachment:RolePolicyAttachment")
      .map(({ inputs: { role, policyArn } }) => [role, policyArn]);
    expect(attached).toHaveLength(2 * (6 + 2 + 2));
    expect(attached).toContainEqual(["llm-gateway-prod-deploy", "arn:prod-deploy-cluster"]);
  });

  test("decrypt the secrets of their own environment, the preview of production none", () => {
    const decrypted = (policy: string) =>
      document
        .parse(JSON.parse(String(inputs("aws:iam/policy:Policy", policy).policy)))
        .Statement.filter(({ Action: actions }) => actions.includes("kms:Decrypt"))
        .flatMap(({ Resource: resources }) => resources);
    expect(decrypted("dev-deploy-state")).toEqual([LOCATION.stateKeyArn, "arn:dev"]);
    expect(decrypted("dev-preview-state")).toEqual([LOCATION.stateKeyArn, "arn:dev"]);
    expect(decrypted("prod-deploy-state")).toEqual([LOCATION.stateKeyArn, "arn:prod"]);
    expect(decrypted("prod-preview-state")).toEqual([LOCATION.stateKeyArn]);
    expect(decrypted("prod-drift-state")).toEqual([LOCATION.stateKeyArn, "arn:prod"]);
  });
});
