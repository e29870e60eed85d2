/** Whoever writes logs on AWS finds a log group of the stack's, with an end and a key: one of its own making would have neither. */
import { describe, expect, test } from "vitest";
import { keyPolicy } from "../../../components/platform/clusterKey";
import { declared, named, ofType } from "../../support/declared";
import { problemLines } from "../../support/config";
import { stackConfig } from "../../support/stackFile";

const CLUSTER = stackConfig("prod")["llm-gateway:cluster"] as object;
const KEY = "aws.kms.Key platform-secrets";
const WRITERS = [
  {
    writer: "eks.Cluster platform",
    group: "aws.cloudwatch.LogGroup platform-logs",
    name: "/aws/eks/llm-gateway-prod/cluster",
  },
  {
    writer: "aws.rds.Instance platform-database",
    group: "aws.cloudwatch.LogGroup platform-database-logs",
    name: "/aws/rds/instance/llm-gateway-prod-database/postgresql",
  },
];

describe("the logs of production", () => {
  test.each(WRITERS)("of $writer: the group is there first", async ({ writer, group, name }) => {
    const prod = await declared("prod");
    expect(named(prod, group).inputs).toMatchObject({
      name,
      retentionInDays: 90,
      kmsKeyId: `<${KEY}.arn>`,
    });
    expect(named(prod, writer).options.dependsOn).toContain(group);
  });

  test("go to as many groups as the database exports logs, and one of the control plane", async () => {
    const prod = await declared("prod");
    const { identifier, enabledCloudwatchLogsExports: exported } = named(
      prod,
      "aws.rds.Instance platform-database",
    ).inputs;
    expect(
      ofType(prod, "LogGroup")
        .map(({ inputs }) => inputs.name)
        .sort(),
    ).toEqual([
      "/aws/eks/llm-gateway-prod/cluster",
      ...(exported as string[]).map((log) => `/aws/rds/instance/${String(identifier)}/${log}`),
    ]);
  });

  test("are encrypted with a key that CloudWatch Logs may use for these groups alone", async () => {
    const { policy } = named(await declared("prod"), KEY).inputs;
    const [account, logs, ...others] = (
      JSON.parse(String(policy)) as { Statement: Record<string, unknown>[] }
    ).Statement;
    expect(others).toEqual([]);
    // Without this statement nobody could ever change the key again.
    expect(account).toMatchObject({
      Principal: { AWS: "arn:aws:iam::<account>:root" },
      Action: "kms:*",
    });
    expect(logs).toMatchObject({
      Principal: { Service: "logs.us-west-2.amazonaws.com" },
      Condition: {
        ArnEquals: {
          "kms:EncryptionContext:aws:logs:arn": WRITERS.map(
            ({ name }) => `arn:aws:logs:us-west-2:<account>:log-group:${name}`,
          ),
        },
      },
    });
  });

  test("are kept as long as the stack says", async () => {
    const cluster = { ...CLUSTER, logs: { retentionDays: 365 } };
    for (const { inputs } of ofType(await declared("prod", { cluster }), "LogGroup")) {
      expect(inputs.retentionInDays).toBe(365);
    }
  });

  test("are left to AWS where the stack says so, and the key as it was", async () => {
    const prod = await declared("prod", { cluster: { ...CLUSTER, logs: { create: false } } });
    expect(prod.filter(({ type }) => type.endsWith(":LogGroup"))).toEqual([]);
    expect(named(prod, KEY).inputs).not.toHaveProperty("policy");
  });
});

test("a region apart has its own names in the key's policy", () => {
  const account = { id: "123456789012", partition: "aws-us-gov" };
  const policy = keyPolicy(account, { region: "us-gov-west-1", logGroups: ["/a"] });
  expect(policy).toContain('"arn:aws-us-gov:iam::123456789012:root"');
  expect(policy).toContain('"arn:aws-us-gov:logs:us-gov-west-1:123456789012:log-group:/a"');
});

test.each([0, 10, 91])("CloudWatch cannot keep logs for %s days", (retentionDays) => {
  expect(problemLines({ cluster: { ...CLUSTER, logs: { retentionDays } } })).toEqual([
    expect.stringMatching(/logs\.retentionDays = \d+: must be one of 1, 3, 5, 7, 14, 30, /),
  ]);
});
