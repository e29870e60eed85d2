/** How answers of AWS are read that are not the usual ones. */
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Account } from "../../../../operations/preflight/account";
import { known, tagsOf } from "../../../../operations/preflight/awsAnswers";
import { awsAccount } from "../../../../operations/preflight/awsAccount";
import { healthyAccount } from "../../../support/accounts";
import { serveAccount, type AwsApi, type RecordedAccount } from "../../../support/awsApi";
import { CLUSTER, DEV } from "../../../support/preflight";

let recorded: RecordedAccount;
let api: AwsApi;
let account: Account;
beforeEach(async () => {
  recorded = healthyAccount(DEV, CLUSTER);
  api = await serveAccount(recorded);
  account = await awsAccount("us-west-2", {
    endpoint: api.endpoint,
    credentials: { accessKeyId: "AKIA", secretAccessKey: "secret" },
    maxAttempts: 1,
  });
});
afterEach(() => api.close());

describe("that something may not be asked is no answer that it is not there", () => {
  test.each<[string, string, string, () => Promise<unknown>]>([
    ["a cluster", "eks:DescribeCluster", "AccessDeniedException", () => account.cluster("c")],
    ["a hosted zone", "route53:GetHostedZone", "AccessDenied", () => account.hostedZone("Z1")],
    [
      "a quota",
      "servicequotas:GetServiceQuota",
      "AccessDeniedException",
      () => account.ec2Quota("L-1"),
    ],
    ["addresses", "ec2:DescribeAddresses", "UnauthorizedOperation", () => account.addresses()],
  ])("%s", async (_what, action, code, ask) => {
    recorded.refused[action] = { code, message: "not authorized" };
    await expect(ask()).rejects.toMatchObject({ name: code, message: "not authorized" });
  });
});

test("a value of a quota is the account's own before AWS's default", async () => {
  recorded.quotas = { "L-1": 7 };
  recorded.defaultQuotas = { "L-1": 5, "L-2": 3 };
  expect(await account.ec2Quota("L-1")).toBe(7);
  expect(await account.ec2Quota("L-2")).toBe(3);
});

test("parameters are asked for ten at a time, and those that are not there are left out", async () => {
  const names = Array.from({ length: 21 }, (_, index) => `/p/${index}`);
  recorded.parameters = Object.fromEntries(names.map((name) => [name, `value of ${name}`]));
  delete recorded.parameters["/p/5"];
  const found = await account.parameters(names);
  expect(Object.keys(found)).toHaveLength(20);
  expect(found["/p/20"]).toBe("value of /p/20");
  expect(await account.parameters([])).toEqual({});
});

test("of an account without anything nothing is found", async () => {
  Object.assign(recorded, {
    ...{ zones: [], subnets: [], offerings: {}, vcpus: {}, instances: [], addresses: [] },
    ...{ clusterVersions: [], addons: {}, clusters: {}, logGroups: {}, hostedZones: {} },
  });
  expect(await account.zones()).toEqual([]);
  expect(await account.subnets(["subnet-1"])).toEqual([]);
  expect(await account.offerings(["m7i.large"])).toEqual({});
  expect(await account.vcpus(["m7i.large"])).toEqual({});
  expect(await account.architectures(["m7i.large"])).toEqual({});
  expect(await account.instances()).toEqual([]);
  expect(await account.addresses()).toEqual([]);
  expect(await account.clusterVersion("1.34")).toBeUndefined();
  expect(await account.addonVersions("coredns", "1.34")).toEqual([]);
  expect(await account.logGroup("/aws/eks/c/cluster")).toBeUndefined();
});

test("what runs is read with what it is paid as, and its tags", async () => {
  recorded.instances = [
    { type: "m7i.large", spot: true, tags: { a: "b" } },
    { type: "inf2.xlarge", spot: false, tags: {} },
  ];
  expect(await account.instances()).toEqual([
    { instanceType: "m7i.large", spot: true, tags: { a: "b" } },
    { instanceType: "inf2.xlarge", spot: false, tags: {} },
  ]);
});

describe("of an answer of AWS", () => {
  test("a field that is always there is demanded by its name", () => {
    expect(known(0, "Value")).toBe(0);
    expect(() => {
      known(undefined, "Value");
    }).toThrow("AWS left out Value of an answer");
  });

  test("tags are read by their keys", () => {
    expect(tagsOf([{ Key: "a", Value: "b" }, { Key: "empty" }])).toEqual({ a: "b", empty: "" });
    expect(tagsOf()).toEqual({});
  });
});
