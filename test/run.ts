/**
 * All checks of the project, or one level of its tests, with one summary at the end:
 *   node --require llm-gateway/typescript test/run.ts [format|lint|types|unit|golden|policies|account|engine|cluster|gateway]
 */
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join, relative } from "node:path";
import execa from "execa";
import { z } from "zod";
import { REPOSITORY } from "../local/control-plane/environment";
import { failureText, UserError } from "../domain/failure";
import { table } from "../operations/stack/table";
import { showTools } from "../local/environment/progress";
import { ensureTools } from "../local/tools/build";
import { KEDA } from "../local/tools/manifest";

interface Result {
  readonly name: string;
  readonly passed: number;
  readonly failed: number;
  /** Tests that lack data which is no part of this repository. @default 0 */
  readonly skipped?: number;
  readonly seconds: number;
  /** What failed, a line each: the end of a long log is what its reader sees first. @default none */
  readonly failures?: readonly string[];
}

/** Test files over public data that is no part of this repository, as each of them says; a skipped test elsewhere has failed. */
const MAY_SKIP = ["test/policies/publicCorpus.test.ts", "test/unit/operations/plan/traces.test.ts"];

const STATIC_CHECKS: Readonly<Record<string, readonly string[]>> = {
  format: ["prettier", "--check", "--log-level", "warn", "."],
  lint: ["eslint", "--max-warnings", "0", "."],
  types: ["tsc", "--project", "."],
};

/** Test levels with the tools they need: the last three run the real engine, control planes and LiteLLM. */
const LEVELS: Readonly<Record<string, { readonly tools: boolean }>> = {
  unit: { tools: false },
  golden: { tools: false },
  policies: { tools: false },
  account: { tools: false },
  engine: { tools: true },
  cluster: { tools: true },
  gateway: { tools: true },
};

const testReport = z.object({
  numPassedTests: z.number(),
  numFailedTests: z.number(),
  numPendingTests: z.number(),
  testResults: z.array(
    z.object({
      status: z.string(),
      assertionResults: z.array(
        z.object({
          status: z.string(),
          fullName: z.string(),
          failureMessages: z.array(z.string()).nullish(),
        }),
      ),
      name: z.string(),
      message: z.string(),
    }),
  ),
});

async function staticCheck(name: string, command: readonly string[]): Promise<Result> {
  const started = Date.now();
  const { exitCode } = await execa("npx", ["--no-install", ...command], {
    cwd: REPOSITORY,
    stdio: "inherit",
    reject: false,
  });
  const failed = exitCode === 0 ? 0 : 1;
  return { name, passed: 1 - failed, failed, seconds: (Date.now() - started) / 1000 };
}

/** Builds the tools, once for all levels: what failed once, takes minutes to fail again. */
const toolsOnce = (() => {
  let built: Promise<unknown> | undefined;
  return () => (built ??= ensureTools(showTools).then(() => ensureTools(showTools, [KEDA])));
})();

async function level(name: string, needsTools: boolean): Promise<Result> {
  if (needsTools) {
    try {
      await toolsOnce();
    } catch (error) {
      // The other levels still say what they find.
      console.error(failureText(error));
      return { name, passed: 0, failed: 1, seconds: 0 };
    }
  }
  const started = Date.now();
  const folder = join(REPOSITORY, ".state", "test");
  const file = join(folder, `${name}.json`);
  mkdirSync(folder, { recursive: true });
  rmSync(file, { force: true });
  const { exitCode } = await execa(
    "npx",
    [
      "--no-install",
      "vitest",
      "run",
      "--project",
      name,
      // Each file of this level has a platform of processes, which would take the cores from one another.
      ...(name === "gateway" ? ["--no-file-parallelism"] : []),
      "--reporter=default",
      "--reporter=json",
      `--outputFile.json=${file}`,
    ],
    { cwd: REPOSITORY, stdio: "inherit", reject: false },
  );
  if (!existsSync(file)) {
    // Vitest was killed, or stopped before it ran a test: its own output above says why.
    console.error(`error: the level "${name}" ended with exit code ${exitCode} and left no report`);
    return { name, passed: 0, failed: 1, seconds: (Date.now() - started) / 1000 };
  }
  const report = testReport.parse(JSON.parse(readFileSync(file, "utf8")));
  // A file that fails before its first test has no failed test to count.
  const broken = report.testResults.filter(
    ({ status, assertionResults }) => status === "failed" && assertionResults.length === 0,
  ).length;
  const skipped = report.testResults
    .filter((result) => MAY_SKIP.some((path) => result.name.endsWith(path)))
    .flatMap(({ assertionResults }) => assertionResults)
    .filter(({ status }) => status !== "passed" && status !== "failed").length;
  const failures = report.testResults.flatMap(
    ({ name: file, status, message, assertionResults }) =>
      assertionResults.length === 0 && status === "failed"
        ? [failure(file, "the file", [message])]
        : assertionResults
            .filter((result) => result.status === "failed")
            .map(({ fullName, failureMessages }) => failure(file, fullName, failureMessages ?? [])),
  );
  const counted = report.numFailedTests + broken + report.numPendingTests - skipped;
  return {
    name,
    passed: report.numPassedTests,
    failed: counted === 0 && exitCode !== 0 ? 1 : counted,
    skipped,
    seconds: (Date.now() - started) / 1000,
    failures,
  };
}

/** Longest part of a failure's message that the summary repeats, characters. */
const MESSAGE_LENGTH = 400;

function failure(file: string, test: string, messages: readonly string[]): string {
  const message = messages.join(" ").replace(/\s+/g, " ").slice(0, MESSAGE_LENGTH);
  return `failed: ${relative(REPOSITORY, file)}: ${test}: ${message}`;
}

async function main(only: string | undefined): Promise<void> {
  const known = [...Object.keys(STATIC_CHECKS), ...Object.keys(LEVELS)];
  if (only !== undefined && !known.includes(only)) {
    throw new UserError(`there is no level "${only}"`, `choose one of ${known.join(", ")}`);
  }
  const results: Result[] = [];
  const wanted = (name: string) => only === undefined || only === name;
  for (const [name, command] of Object.entries(STATIC_CHECKS)) {
    if (wanted(name)) {
      results.push(await staticCheck(name, command));
    }
  }
  for (const [name, { tools }] of Object.entries(LEVELS)) {
    if (wanted(name)) {
      results.push(await level(name, tools));
    }
  }
  const rows = results.map(({ name, passed, failed, skipped = 0, seconds }) => [
    name,
    passed,
    failed,
    skipped,
    seconds.toFixed(0),
  ]);
  console.log(table(["Check", "Passed", "Failed", "Skipped", "Seconds"], rows));
  for (const line of results.flatMap(({ failures = [] }) => failures)) {
    console.log(line);
  }
  const total = (key: "passed" | "failed" | "skipped") =>
    results.reduce((sum, result) => sum + (result[key] ?? 0), 0);
  console.log(`${total("passed")} passed, ${total("failed")} failed, ${total("skipped")} skipped`);
  process.exitCode = total("failed") > 0 ? 1 : 0;
}

main(process.argv[2]).catch((error: unknown) => {
  console.error(failureText(error));
  console.log("0 passed, 1 failed");
  process.exitCode = 1;
});
