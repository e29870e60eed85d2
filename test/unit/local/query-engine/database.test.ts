import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { databaseLocation, databaseUrl, resolved } from "../../../../local/query-engine/database";
import { outage } from "../../../../local/query-engine/outage";

describe("a connection URL", () => {
  test("says where, who, and how many connections", () => {
    expect(
      databaseLocation(
        "postgresql://me:p%40ss@host:6432/db?connection_limit=7&pool_timeout=3&options=-c%20statement_timeout%3D1",
      ),
    ).toEqual({
      host: "host",
      port: 6432,
      database: "db",
      user: "me",
      password: "p@ss",
      connectionLimit: 7,
      poolTimeoutSeconds: 3,
      connectTimeoutSeconds: 5,
      options: "-c statement_timeout=1",
    });
  });

  test.each([
    ["sslmode=require: the embedded PostgreSQL has no TLS", "sslmode=require"],
    ["not known here: sslcert", "sslcert=/ca.pem"],
  ])("is refused: %s", (message, query) => {
    expect(() => databaseLocation(`postgresql://a:b@h/d?${query}`)).toThrow(message);
  });

  test("comes from the client's override before the environment", () => {
    const override = JSON.stringify([{ name: "client", url: "postgresql://other" }]);
    expect(databaseUrl({ DATABASE_URL: "postgresql://first" })).toBe("postgresql://first");
    expect(
      databaseUrl({ DATABASE_URL: "postgresql://first", OVERWRITE_DATASOURCES: override }),
    ).toBe("postgresql://other");
    expect(() => databaseUrl({})).toThrow("DATABASE_URL is not set");
  });
});

test("a cluster name leads to the address that the kubelet writes, any other name to itself", () => {
  const folder = mkdtempSync(join(tmpdir(), "names-"));
  try {
    const file = join(folder, "names.json");
    writeFileSync(
      file,
      JSON.stringify({ "pg.litellm.svc": ["127.7.0.4"], "gone.litellm.svc": [] }),
    );
    const env = { CLUSTER_DNS_FILE: file, CLUSTER_DNS_NAMESPACE: "litellm" };
    expect(resolved("pg", env)).toBe("127.7.0.4");
    expect(resolved("pg.litellm", env)).toBe("127.7.0.4");
    expect(resolved("pg.litellm.svc", env)).toBe("127.7.0.4");
    expect(resolved("gone", env)).toBe("gone");
    expect(resolved("elsewhere", env)).toBe("elsewhere");
    expect(resolved("pg", {})).toBe("pg");
  } finally {
    rmSync(folder, { recursive: true });
  }
});

describe("an error of the connection", () => {
  const location = { host: "pg", port: 5432, connectionLimit: 2, poolTimeoutSeconds: 10 };
  const seen = (error: unknown) =>
    outage(
      { errors: [{ user_facing_error: { error_code: "P2036", meta: { id: 3 } } }] },
      { consumeError: (id) => (id === 3 ? { error } : undefined) },
      location,
    );
  const refused = Object.assign(new Error("connect ECONNREFUSED"), { code: "ECONNREFUSED" });

  test.each([
    ["nobody answers", refused, "P1001", "Can't reach database server at `pg:5432`"],
    [
      "the server went",
      new Error("Connection terminated unexpectedly"),
      "P1017",
      "Server has closed the connection.",
    ],
    [
      "every connection is busy",
      new Error("timeout exceeded when trying to connect"),
      "P2024",
      "connection limit: 2",
    ],
    ["something else", new Error("odd"), "P2036", "odd"],
  ])("has the native engine's code: %s", (_what, error, code, message) => {
    expect(seen(error)).toMatchObject({
      errors: [
        {
          error: expect.stringContaining(message) as string,
          user_facing_error: { error_code: code },
        },
      ],
    });
  });

  test("ends a transaction's answer by the same code", () => {
    const answer = { error_code: "P2036", meta: { id: 3 } };
    expect(outage(answer, { consumeError: () => ({ error: refused }) }, location)).toMatchObject({
      error_code: "P1001",
    });
  });

  test("of the query itself stays what it is", () => {
    const answer = { errors: [{ user_facing_error: { error_code: "P2002" } }] };
    expect(outage(answer, { consumeError: () => undefined }, location)).toEqual(answer);
    expect(outage({ data: {} }, { consumeError: () => undefined }, location)).toEqual({ data: {} });
  });
});
