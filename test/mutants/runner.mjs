/**
 * Stryker's own runner for Vitest, which tells the order of the test files (`vitest.config.mts`) what file the mutant is in, and on demand runs a
 * share of the mutants alone: the score of a random sample is that of the whole within a few percent, for a fraction of the hours. Each verdict is a
 * line of a file at once, for Stryker's report comes at the end.
 * A mutant that is not chosen counts neither as killed nor as survived.
 */
import { createHash } from "node:crypto";
import { appendFile } from "node:fs/promises";
import { relative } from "node:path";
import {
  commonTokens,
  declareFactoryPlugin,
  PluginKind,
  tokens,
} from "@stryker-mutator/api/plugin";
import { MutantRunStatus } from "@stryker-mutator/api/test-runner";
import { strykerPlugins as vitestPlugins } from "@stryker-mutator/vitest-runner";

/** Why a mutant of the report has no verdict; `./sample.ts` reads it. */
const NOT_CHOSEN = "not in the sample";

/** Of the repository; this process runs in a copy of it, `tempDirName` of `stryker.config.mjs`. */
const ROOT = process.env.MUTANTS_ROOT ?? process.cwd();

/** Percent of the mutants that run. */
const share = Number(process.env.MUTANTS_SHARE ?? 100);

/** A number from 0 to 100 that depends on the mutant alone: the same sample at every run, whatever the order. */
function place(id) {
  return (createHash("sha256").update(id).digest().readUInt32BE(0) / 2 ** 32) * 100;
}

function nearestRunner(injector) {
  const [{ factory }] = vitestPlugins;
  const runner = injector.injectFunction(factory);
  const mutantRun = runner.mutantRun.bind(runner);
  runner.mutantRun = async (options) => {
    if (place(options.activeMutant.id) >= share) {
      return { status: MutantRunStatus.Error, errorMessage: NOT_CHOSEN };
    }
    const { fileName, location, mutatorName, replacement } = options.activeMutant;
    const file = relative(ROOT, fileName);
    process.env.MUTATED_FILE = file;
    const result = await mutantRun(options);
    const log = process.env.MUTANTS_LOG;
    if (log !== undefined) {
      const line = `${result.status} ${file}:${location.start.line + 1} ${mutatorName}: ${replacement.replace(/\s+/g, " ").slice(0, 80)}\n`;
      await appendFile(log, line);
    }
    return result;
  };
  return runner;
}
nearestRunner.inject = tokens(commonTokens.injector);

export const strykerPlugins = [
  declareFactoryPlugin(PluginKind.TestRunner, "nearest", nearestRunner),
];
