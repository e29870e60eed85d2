import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { DEPLOY_SECONDS, PREVIEW_SECONDS } from "../../bootstrap/environmentAccess";
import { REPOSITORY } from "../../local/control-plane/environment";
import { declared } from "../support/declared";

const FOLDER = join(REPOSITORY, ".github", "workflows");

const step = z.object({
  uses: z.string().optional(),
  run: z.string().optional(),
  with: z.record(z.string(), z.unknown()).optional(),
});
const workflow = z.object({
  on: z.record(z.string(), z.unknown()),
  permissions: z.record(z.string(), z.string()),
  jobs: z.record(
    z.string(),
    z.object({
      if: z.string().optional(),
      environment: z.string().optional(),
      "runs-on": z.union([z.string(), z.array(z.string())]),
      permissions: z.record(z.string(), z.string()).default({}),
      steps: z.array(step),
      "timeout-minutes": z.number(),
    }),
  ),
});

const workflows = readdirSync(FOLDER).map((name) => {
  const text = readFileSync(join(FOLDER, name), "utf8");
  return { name, text, ...workflow.parse(parse(text)) };
});

const timeouts = z.record(z.string(), z.string());

const TAKES_A_ROLE = "aws-actions/configure-aws-credentials@";

describe.each(workflows)("the workflow $name", ({ name, text, on, permissions, jobs }) => {
  const list = Object.values(jobs);

  test("uses actions at a commit, which no later push can change, with the release as a comment", () => {
    const used = text.split("\n").filter((line) => /^\s*(-\s+)?uses:/.test(line));
    expect(used).toHaveLength(
      list.flatMap(({ steps }) => steps.flatMap(({ uses }) => uses ?? [])).length,
    );
    expect(used.length).toBeGreaterThan(0);
    expect(used.filter((line) => !/@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(line))).toEqual([]);
  });

  test("may by default only read the code", () => {
    expect(permissions).toEqual({ contents: "read" });
  });

  test("asks for an identity only in jobs of an environment that take an AWS role", () => {
    for (const { steps, environment, permissions: granted } of list) {
      const takesRole = steps.some(({ uses }) => uses?.startsWith(TAKES_A_ROLE) === true);
      expect(granted["id-token"]).toBe(takesRole ? "write" : undefined);
      expect(environment !== undefined).toBe(takesRole);
    }
    expect(text).not.toMatch(/AWS_SECRET_ACCESS_KEY|AWS_ACCESS_KEY_ID/);
  });

  test("runs what reaches a cluster on a runner of one's own, and nothing else there", () => {
    for (const { steps, environment, "runs-on": runner } of list) {
      const takesRole = steps.some(({ uses }) => uses?.startsWith(TAKES_A_ROLE) === true);
      const stack = environment?.replace(/-(preview|drift)$/, "");
      expect(runner).toEqual(
        takesRole ? ["self-hosted", "linux", `llm-gateway-${stack}`] : "ubuntu-24.04",
      );
    }
  });

  test("installs no development dependency where it has credentials", () => {
    for (const { steps } of list) {
      const commands = steps.flatMap(({ run }) => run ?? []);
      if (steps.some(({ uses }) => uses?.startsWith(TAKES_A_ROLE) === true)) {
        expect(commands).toEqual(["npm ci --omit=dev --ignore-scripts"]);
      }
    }
  });

  test("never runs a stranger's code with credentials", () => {
    expect(on).not.toHaveProperty("pull_request_target");
    if ("pull_request" in on) {
      for (const { steps, if: condition } of list) {
        const takesRole = steps.some(({ uses }) => uses?.startsWith(TAKES_A_ROLE) === true);
        expect(condition?.includes("head.repo.full_name == github.repository") ?? false).toBe(
          takesRole,
        );
      }
    }
  });

  test("updates nothing but from main", () => {
    const updates = list.some(({ steps }) =>
      steps.some(({ with: given }) => given?.command === "up"),
    );
    expect(updates).toBe(name === "deploy.yml");
    for (const { steps } of updates ? list : []) {
      const commands = steps.flatMap(({ with: given }) =>
        given?.policyPacks === "policies" ? [given.command] : [],
      );
      // An update reports what its stack policies find when it is done: a preview with the pack goes before it.
      expect(commands).toEqual(["preview", "up"]);
    }
    if (updates) {
      expect(on.push).toEqual({ branches: ["main"] });
    }
  });
});

/** Seconds of a session where a workflow names none. Source: README of aws-actions/configure-aws-credentials, role-duration-seconds. */
const USUAL_SESSION_SECONDS = 3600;

test("a job ends before the session of its role, and asks for no longer one than the role has", () => {
  for (const { name, jobs } of workflows) {
    const longest = name === "deploy.yml" ? DEPLOY_SECONDS : PREVIEW_SECONDS;
    for (const { steps, "timeout-minutes": minutes } of Object.values(jobs)) {
      const role = steps.find(({ uses }) => uses?.startsWith(TAKES_A_ROLE) === true);
      if (role !== undefined) {
        const session = Number(role.with?.["role-duration-seconds"] ?? USUAL_SESSION_SECONDS);
        expect(session, name).toBeLessThanOrEqual(longest);
        expect(minutes * 60, name).toBeLessThanOrEqual(session);
      }
    }
  }
});

describe.each(["dev", "prod"])("the longest wait of %s for one resource", (stack) => {
  test("fits into a deploy with an hour to spare", async () => {
    const waits = (await declared(stack)).flatMap(({ options: { customTimeouts } }) =>
      Object.values(timeouts.parse(customTimeouts ?? {})).map(
        (text) => Number(/^(\d+)m$/.exec(text)?.[1]) * 60,
      ),
    );
    expect(waits).not.toContain(NaN);
    expect(Math.max(...waits)).toBeGreaterThan(3600);
    expect(Math.max(...waits)).toBeLessThanOrEqual(DEPLOY_SECONDS - 3600);
  });
});

const checks = workflow.parse(parse(readFileSync(join(FOLDER, "checks.yml"), "utf8")));
const runs = (job: string) => checks.jobs[job]?.steps.flatMap(({ run }) => run ?? []);

test("a branch's own program sees production only behind a reviewer, and where somebody says that there is one", () => {
  const { jobs } = workflow.parse(parse(readFileSync(join(FOLDER, "preview.yml"), "utf8")));
  const production = Object.values(jobs).filter(({ steps }) =>
    steps.some(({ with: given }) => given?.["stack-name"] === "prod"),
  );
  expect(production).toHaveLength(1);
  for (const { environment, if: condition } of production) {
    expect(environment).toBe("prod-preview");
    expect(condition).toContain("&& vars.PREVIEW_PROD == 'true'");
  }
});

test("the nightly comparison runs main's program, in environments of its own", () => {
  const { on, jobs } = workflow.parse(parse(readFileSync(join(FOLDER, "drift.yml"), "utf8")));
  expect(Object.keys(on).sort()).toEqual(["schedule", "workflow_dispatch"]);
  expect(Object.values(jobs).map(({ environment }) => environment)).toEqual([
    "${{ matrix.stack }}-drift",
  ]);
});

test("every pull request runs all tests, and previews all stacks without credentials", () => {
  expect(checks.on).toHaveProperty("pull_request");
  expect(runs("checks")).toEqual([
    "make test",
    "make preview STACK=local",
    "make preview STACK=dev",
    "make preview STACK=prod",
  ]);
});

test("every pull request runs the fast levels on the older releases of Node.js too", () => {
  expect(runs("node")).toEqual([
    "make test LEVEL=unit",
    "make test LEVEL=golden",
    "make test LEVEL=policies",
  ]);
});

test("an action is at the same commit in every workflow", () => {
  const commits = workflows.flatMap(({ text }) => text.match(/uses: \S+@\S+ # \S+/g) ?? []);
  const actions = new Set(commits.map((line) => line.replace(/@.*/, "")));
  expect(new Set(commits).size).toBe(actions.size);
});
