import { createRequire } from "node:module";
import type { Policies, ResourceValidationPolicy } from "@pulumi/policy";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import * as analyzer from "@pulumi/pulumi/proto/analyzer_pb";
import { describe, expect, test } from "vitest";
import { policies } from "../../policies/pack";
import { container, deployment } from "./fixtures";
import { LATER, type TestResource } from "./support";

type Handler = (
  call: { readonly request: analyzer.AnalyzeRequest },
  callback: (error: Error | null | undefined, response?: analyzer.RemediateResponse) => void,
) => void;

/** The SDK's handler, which it keeps out of its types. */
const { makeRemediateRpcFun } = createRequire(__filename)("@pulumi/policy/server") as {
  readonly makeRemediateRpcFun: (
    name: string,
    version: string,
    level: string,
    policies: Policies,
  ) => Handler;
};

/** The properties that a rule at level `remediate` leaves a resource with; undefined when it changes nothing. */
async function mended(rule: string, { type, props }: TestResource): Promise<unknown> {
  const pack = policies()
    .filter(({ name }) => name === rule)
    .map((policy): ResourceValidationPolicy => ({ ...policy, enforcementLevel: "remediate" }));
  const request = new analyzer.AnalyzeRequest();
  request.setType(type);
  request.setUrn(`urn:pulumi:test::p::${type}::it`);
  request.setName("it");
  request.setProperties(Struct.fromJavaScript(JSON.parse(JSON.stringify(props)) as never));
  request.setOptions(new analyzer.AnalyzerResourceOptions());
  const response = await new Promise<analyzer.RemediateResponse>((resolve, reject) => {
    makeRemediateRpcFun(
      "pack",
      "0",
      "mandatory",
      pack,
    )({ request }, (error, answer) => {
      if (answer === undefined) {
        reject(error ?? new Error("no response"));
      } else {
        resolve(answer);
      }
    });
  });
  const [remediation] = response.getRemediationsList();
  expect(remediation?.getDiagnostic() ?? "").toBe("");
  return remediation?.getProperties()?.toJavaScript();
}

describe("autoscaler-target-requests", () => {
  const RULE = "autoscaler-target-requests";
  const resources = (of: unknown) => ({
    spec: { template: { spec: { containers: [{ resources: of }] } } },
  });
  const limited = (of: unknown) => deployment({ containers: [container({ resources: of })] });

  test("writes the requests that limits stand for, and leaves the others", async () => {
    const limits = { cpu: "2", memory: "1Gi", "aws.amazon.com/neuron": "1" };
    expect(await mended(RULE, limited({ limits }))).toMatchObject(
      resources({ limits, requests: { cpu: "2", memory: "1Gi" } }),
    );
    expect(await mended(RULE, limited({ limits, requests: { cpu: "1" } }))).toMatchObject(
      resources({ limits, requests: { cpu: "1", memory: "1Gi" } }),
    );
  });

  test.each([
    [{ requests: { cpu: "1" } }],
    [{}],
    [LATER],
    [{ limits: LATER }],
    [{ limits: { cpu: LATER } }],
    [{ limits: { cpu: "1" }, requests: LATER }],
  ])("changes nothing of %j", async (of) => {
    expect(await mended(RULE, limited(of))).toBeUndefined();
  });
});

describe("rules of AWS", () => {
  test.each([
    [
      "aws-encryption-at-rest",
      "aws:kinesis/stream:Stream",
      { encryptionType: "NONE" },
      { encryptionType: "KMS" },
    ],
    [
      "aws-node-metadata",
      "aws:ec2/launchTemplate:LaunchTemplate",
      { metadataOptions: { httpPutResponseHopLimit: 1 } },
      { metadataOptions: { httpPutResponseHopLimit: 1, httpTokens: "required" } },
    ],
    [
      "aws-cluster-logs",
      "aws:eks/cluster:Cluster",
      { enabledClusterLogTypes: ["api"] },
      {
        enabledClusterLogTypes: ["api", "audit", "authenticator", "controllerManager", "scheduler"],
      },
    ],
  ])("%s mends %s", async (rule, type, props, expected) => {
    expect(await mended(rule, { type, props })).toEqual(expected);
    expect(await mended(rule, { type, props: expected })).toBeUndefined();
  });

  test.each([
    ["aws-encryption-at-rest", "aws:efs/fileSystem:FileSystem"],
    ["aws-encryption-at-rest", "aws:rds/instance:Instance"],
    ["aws-encryption-at-rest", "aws:elasticache/replicationGroup:ReplicationGroup"],
    ["aws-node-metadata", "aws:ec2/launchConfiguration:LaunchConfiguration"],
    ["aws-node-metadata", "aws:ec2/spotInstanceRequest:SpotInstanceRequest"],
  ])("%s leaves %s, which would be replaced", async (rule, type) => {
    expect(await mended(rule, { type, props: {} })).toBeUndefined();
  });

  test("leave what is unknown", async () => {
    const database = { type: "aws:rds/instance:Instance", props: { storageEncrypted: LATER } };
    expect(await mended("aws-encryption-at-rest", database)).toBeUndefined();
  });
});
