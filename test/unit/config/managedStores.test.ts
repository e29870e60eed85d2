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

  test.each([
    [20, 22],
    [1000, 1100],
  ])("of %d GiB may grow to %d GiB and not to one less", (storageGiB, maxStorageGiB) => {
    expect(lines("database", { storageGiB, maxStorageGiB })).toEqual([]);
    expect(lines("database", { storageGiB, maxStorageGiB: maxStorageGiB - 1 })).toEqual([
      expect.stringMatching(/database\.maxStorageGiB = \d+: .* write \d+ or more/),
    ]);
  });
});
