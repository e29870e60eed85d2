/** Versions that managed stores have, and storage that RDS takes. */
import { describe, expect, test } from "vitest";
import { problemLines } from "../../support/config";
import { stackConfig } from "../../support/stackFile";

const cluster = stackConfig("dev")["llm-gateway:cluster"];
const models = stackConfig("dev")["llm-gateway:models"];
const lines = (store: "database" | "redis", settings: object) =>
  problemLines({ cluster, models, gateway: { [store]: { kind: "managed", ...settings } } });

describe("a managed store", () => {
  test.each(["7.2", "8.0", "8.2", "9.0"])("has Valkey %s", (engineVersion) => {
    expect(lines("redis", { engineVersion })).toEqual([]);
  });

  test.each(["6.2", "7.0", "7.1", "10.0"])("has no Valkey %s", (engineVersion) => {
    expect(lines("redis", { engineVersion })).toEqual([
      expect.stringMatching(/redis\.engineVersion = ".*": is no Valkey version of ElastiCache/),
    ]);
  });

  test.each(["13.2", "17", "17.6", "19.0"])("has PostgreSQL %s", (engineVersion) => {
    expect(lines("database", { engineVersion })).toEqual([]);
  });

  test.each(["9", "9.6", "10", "20", "171"])("has no PostgreSQL %s", (engineVersion) => {
    expect(lines("database", { engineVersion })).toEqual([
      expect.stringMatching(/database\.engineVersion = ".*": is no PostgreSQL version of RDS/),
    ]);
  });

  test.each([
    "db.t4g.micro",
    "db.m7g.large",
    "db.r6gd.4xlarge",
    "db.x2iedn.xlarge",
    "db.z1d.large",
  ])("runs PostgreSQL on %s", (instanceClass) => {
    expect(lines("database", { instanceClass })).toEqual([]);
  });

  test.each(["db.inf2.xlarge", "db.g5.xlarge", "m7g.large", "db.m7g"])(
    "does not run PostgreSQL on %s",
    (instanceClass) => {
      expect(lines("database", { instanceClass })).toEqual([
        expect.stringMatching(/database\.instanceClass = ".*": is no RDS class/),
      ]);
    },
  );

  test.each(["cache.t4g.small", "cache.m7g.large", "cache.r6gd.xlarge", "cache.c7gn.large"])(
    "runs Valkey on %s",
    (nodeType) => {
      expect(lines("redis", { nodeType })).toEqual([]);
    },
  );

  test.each(["cache.inf2.xlarge", "cache.x1.large", "db.m7g.large"])(
    "does not run Valkey on %s",
    (nodeType) => {
      expect(lines("redis", { nodeType })).toEqual([
        expect.stringMatching(/redis\.nodeType = ".*": is no ElastiCache node type/),
      ]);
    },
  );

  test.each([
    [20, 22],
    [1000, 1100],
  ])("of %d GiB may grow to %d GiB and not to one less", (storageGiB, maxStorageGiB) => {
    expect(lines("database", { storageGiB, maxStorageGiB })).toEqual([]);
    expect(lines("database", { storageGiB, maxStorageGiB: maxStorageGiB - 1 })).toEqual([
      expect.stringContaining(`write ${maxStorageGiB} or more`),
    ]);
  });
});

describe("pods of the gateway", () => {
  const withPods = (maxReplicas: number, database: object) =>
    problemLines({ cluster, models, gateway: { autoscaling: { maxReplicas }, database } });
  const micro = { kind: "managed", instanceClass: "db.t4g.micro" };

  test.each([
    [43, { kind: "inCluster" }],
    [32, micro],
    [1000, { ...micro, instanceClass: "db.m7g.2xlarge" }],
  ])("may be %d with %j", (maxReplicas, database) => {
    expect(withPods(maxReplicas, database)).toEqual([]);
  });

  test("may not be more than find connections to the database", () => {
    expect(withPods(44, { kind: "inCluster" })).toEqual([
      expect.stringMatching(
        /gateway\.autoscaling\.maxReplicas = 44: is too many pods for the about 100 connections of the in-cluster database, 2 for each .*; write up to 43, or gateway\.database\.kind managed/,
      ),
    ]);
    expect(withPods(33, micro)).toEqual([
      expect.stringMatching(
        /maxReplicas = 33: is too many pods for the about 78 connections of db\.t4g\.micro, .*; write up to 32, or a larger gateway\.database\.instanceClass/,
      ),
    ]);
  });
});
