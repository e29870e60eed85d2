/** Settings of the mutation tests; `test/mutants/run.ts` says which files. */
const sampled = process.env.MUTANTS_SHARE !== undefined;

export default {
  testRunner: "nearest",
  plugins: ["@stryker-mutator/vitest-runner", "./test/mutants/runner.mjs"],
  // Golden tests load the program by themselves, so the import graph does not know that they see a file.
  vitest: { configFile: "test/mutants/vitest.config.mts", related: false },
  coverageAnalysis: "perTest",
  ignorePatterns: ["/.state", "/rendered"],
  tempDirName: ".state/mutants/sandbox",
  // The text would name every mutant of the whole that is not in the sample.
  reporters: sampled ? ["progress", "json"] : ["clear-text", "progress", "html", "json"],
  clearTextReporter: { allowColor: false, logTests: false, reportTests: false },
  htmlReporter: { fileName: ".state/mutants/report.html" },
  jsonReporter: { fileName: ".state/mutants/report.json" },
  // Each worker runs the whole program again and again; more than the cores of a small machine make both slower.
  concurrency: 2,
  timeoutMS: 60_000,
  dryRunTimeoutMinutes: 30,
  // Files of a change are judged as a whole; a single survivor is for the reader to judge.
  thresholds: { high: 95, low: 85, break: sampled ? null : 85 },
};
