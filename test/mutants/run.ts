/**
 * Mutation tests, `make mutants`: Stryker changes the product, a little at a time, and sees whether a test fails.
 *   FILES="domain/cidr.ts components/vllm"   these files and folders; by default the files that differ from main
 *   ALL=1                                    all of them, for hours
 *   ALL=1 SHARE=4                            a random sample of all: 4 percent of the mutants
 */
import { existsSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import execa from "execa";
import { failureText, UserError } from "../../domain/failure";
import { REPOSITORY } from "../../local/control-plane/environment";
import { sampleText } from "./sample";
import { EVERYTHING, isProduct, patternsFor } from "./selection";

async function git(...args: string[]): Promise<string[]> {
  const { stdout } = await execa("git", args, { cwd: REPOSITORY });
  return stdout.split("\n").filter((line) => line !== "");
}

/** Files of the product that differ from where this branch left main, those not yet committed included. */
async function changedFiles(): Promise<string[]> {
  const [base] = await git("merge-base", "HEAD", "main").catch(() =>
    git("merge-base", "HEAD", "origin/main"),
  );
  if (base === undefined) {
    throw new UserError("this branch has nothing in common with main", "name files: FILES=domain");
  }
  const files = [
    ...(await git("diff", "--name-only", base)),
    ...(await git("ls-files", "--others", "--exclude-standard")),
  ];
  return files.filter((file) => isProduct(file) && existsSync(join(REPOSITORY, file)));
}

async function wanted(): Promise<readonly string[]> {
  const { ALL = "", FILES = "" } = process.env;
  if (ALL !== "" && ALL !== "0") {
    return EVERYTHING;
  }
  const named = FILES.split(/[\s,]+/).filter((path) => path !== "");
  return named.length > 0 ? patternsFor(named) : changedFiles();
}

/** Percent of the mutants to run, or none for all of them. @throws UserError for what is no such number */
function wantedShare(): number | undefined {
  const { SHARE = "" } = process.env;
  if (SHARE === "") {
    return undefined;
  }
  const share = Number(SHARE);
  if (!(share > 0 && share < 100)) {
    throw new UserError(
      `SHARE is "${SHARE}", which is no percentage between 0 and 100`,
      "a sample of 4 percent of all mutants: make mutants ALL=1 SHARE=4",
    );
  }
  return share;
}

async function main(): Promise<void> {
  const share = wantedShare();
  const patterns = await wanted();
  if (patterns.length === 0) {
    console.log(
      'No file of the product differs from main. Others: make mutants FILES="domain/cidr.ts components/vllm", or ALL=1',
    );
    return;
  }
  const log = join(REPOSITORY, ".state", "mutants", "verdicts.txt");
  await mkdir(dirname(log), { recursive: true });
  await writeFile(log, "");
  console.log(`verdicts, as they come: ${log}`);
  const { exitCode } = await execa(
    "npx",
    [
      "--no-install",
      "stryker",
      "run",
      "test/mutants/stryker.config.mjs",
      "--mutate",
      patterns.join(","),
    ],
    {
      cwd: REPOSITORY,
      stdio: "inherit",
      reject: false,
      env: {
        MUTANTS_LOG: log,
        MUTANTS_ROOT: REPOSITORY,
        ...(share === undefined ? {} : { MUTANTS_SHARE: String(share) }),
      },
    },
  );
  process.exitCode = exitCode;
  if (share !== undefined && exitCode === 0) {
    const report: unknown = JSON.parse(
      await readFile(join(REPOSITORY, ".state", "mutants", "report.json"), "utf8"),
    );
    console.log(sampleText(report, share));
  }
}

main().catch((error: unknown) => {
  console.error(failureText(error));
  process.exitCode = 1;
});
