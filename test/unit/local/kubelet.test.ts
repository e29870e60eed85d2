import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { V1Pod } from "@kubernetes/client-node";
import { describe, expect, test, vi } from "vitest";
import { parseAllDocuments } from "yaml";
import { z } from "zod";
import { labels } from "../../../domain/labels";
import { indexOf, loopbackOf, podAddress } from "../../../local/processes/addresses";
import { podStatus } from "../../../local/processes/podStatus";
import { processRoleOf } from "../../../local/control-plane/processRoles";
import { simulatedPodStages } from "../../../local/control-plane/stages";
import { launchOf } from "../../../local/processes/runtimes";

describe("pod addresses", () => {
  test("are cluster addresses with a loopback address of the same last numbers", () => {
    expect(podAddress(244, 1)).toBe("10.244.0.1");
    expect(podAddress(7, 300)).toBe("10.7.1.44");
    expect(loopbackOf("10.7.1.44")).toBe("127.7.1.44");
    expect(indexOf(7, "10.7.1.44")).toBe(300);
    expect(indexOf(7, "10.0.0.1")).toBeUndefined();
    expect(() => podAddress(7, 65_535)).toThrow(RangeError);
  });
});

const stage = z.object({
  spec: z.object({
    resourceRef: z.object({ kind: z.string() }),
    selector: z.object({ matchExpressions: z.array(z.unknown()) }),
  }),
});

test("a condition keeps the time of its last change", () => {
  const observed = {
    address: "10.7.0.1",
    started: true,
    ready: true,
    restarts: 0,
    startedAt: new Date(0),
  };
  const base: V1Pod = {};
  const first = podStatus(base, observed, new Date(1000));
  const second = podStatus({ ...base, status: first }, observed, new Date(2000));
  expect(second.conditions).toEqual(first.conditions);
  const third = podStatus(
    { ...base, status: second },
    { ...observed, ready: false },
    new Date(3000),
  );
  expect(third.conditions?.find(({ type }) => type === "Ready")).toMatchObject({
    status: "False",
    lastTransitionTime: new Date(3000),
  });
});

describe("a container", () => {
  const request = {
    command: [],
    args: ["--config", "/x"],
    env: { A: "b" },
    host: "127.7.0.1",
    scratch: "/s",
    namespace: "litellm",
    dnsFile: "/names",
    local: (path: string) => `/here${path}`,
  };

  test("of LiteLLM runs from the virtual environment, with what plays Prisma's programs", () => {
    const launch = launchOf({ ...request, role: "gateway" }, { python: "/venv" });
    expect(launch.command).toBe("/venv/bin/litellm");
    expect(launch.args).toEqual(["--config", "/x", "--host", "127.7.0.1"]);
    expect(launch.env).toMatchObject({ A: "b", CLUSTER_DNS_NAMESPACE: "litellm" });
    expect(launch.env.PRISMA_QUERY_ENGINE_BINARY).toMatch(
      /local\/query-engine\/bin\/query-engine$/,
    );
    expect(launch.env.PATH).toMatch(/^[^:]*local\/query-engine\/bin/);
  });

  test("of PostgreSQL keeps the image's way to end, its folder for new databases, and runs as no root", () => {
    const launch = launchOf(
      { ...request, role: "postgresql", args: ["-c", "x=1"] },
      { python: "/venv" },
    );
    expect(launch.stopSignal).toBe("SIGINT");
    expect(launch.env).toMatchObject({
      POSTGRESQL_PROGRAMS: "/venv/postgresql/bin",
      POSTGRESQL_HOST: "127.7.0.1",
      POSTGRESQL_INIT: "/here/docker-entrypoint-initdb.d",
    });
    const line = [launch.command, ...launch.args].join(" ");
    expect(line).toMatch(/bash \S*postgresql-entrypoint\.sh -c x=1$/);
    expect(line.startsWith("unshare --user")).toBe(process.getuid?.() === 0);
  });

  test("of a model runs as a simulator, with the times that whoever starts the environment wants", () => {
    vi.stubEnv("SIMULATOR_FIRST_TOKEN_MS", "300");
    vi.stubEnv("SIMULATOR_START_MS", "60000");
    const launch = launchOf({ ...request, role: "server" }, { python: "/venv" });
    vi.unstubAllEnvs();
    expect(launch.args).toContain("--host=127.7.0.1");
    expect(launch.env).toEqual({
      A: "b",
      SIMULATOR_FIRST_TOKEN_MS: "300",
      SIMULATOR_START_MS: "60000",
    });
  });

  test("of the migrations is told the database's address, for libpq asks past Python", () => {
    const folder = mkdtempSync(join(tmpdir(), "names-"));
    try {
      const dnsFile = join(folder, "names.json");
      writeFileSync(dnsFile, JSON.stringify({ "pg.litellm.svc": ["127.7.0.9"] }));
      const env = { DATABASE_URL: "postgresql://u:p@pg:5432/d" };
      const launch = launchOf(
        { ...request, role: "migrations", env, dnsFile },
        { python: "/venv" },
      );
      expect(launch.args).toEqual(["--config", "/x"]);
      expect(launch.env.PGHOSTADDR).toBe("127.7.0.9");
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe("a pod", () => {
  const withLabels = (found: Readonly<Record<string, string>>) =>
    processRoleOf({ metadata: { labels: { ...found } } });

  test.each([
    ["gateway", "gateway"],
    ["redis", "redis"],
    ["server", "server"],
    ["postgresql", "postgresql"],
    ["migrations", "migrations"],
    ["artifact", undefined],
    ["autoscaler", undefined],
  ] as const)("of the component %s: runs as a process, or stays simulated", (component, role) => {
    expect(withLabels(labels("m", component))).toBe(role);
  });

  test("of another project stays simulated, whatever its component", () => {
    const part = { ...labels("m", "server"), "app.kubernetes.io/part-of": "other" };
    expect(withLabels(part)).toBeUndefined();
    expect(withLabels({ "app.kubernetes.io/component": "server" })).toBeUndefined();
    expect(processRoleOf({})).toBeUndefined();
  });

  test("is left alone by every stage of KWOK exactly when it runs as a process", () => {
    const stages = parseAllDocuments(simulatedPodStages())
      .map((document) => stage.parse(document.toJS()))
      .filter(({ spec }) => spec.resourceRef.kind === "Pod");
    expect(stages.length).toBeGreaterThan(0);
    for (const { spec } of stages) {
      expect(spec.selector.matchExpressions).toContainEqual({
        key: '[.metadata.labels["app.kubernetes.io/part-of"], .metadata.labels["app.kubernetes.io/component"]] | join("/")',
        operator: "NotIn",
        values: [
          "llm-gateway/gateway",
          "llm-gateway/migrations",
          "llm-gateway/postgresql",
          "llm-gateway/redis",
          "llm-gateway/server",
        ],
      });
    }
  });
});
