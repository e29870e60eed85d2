import { BaseSequencer, type TestSpecification } from "vitest/node";
import { defineConfig } from "vitest/config";

/**
 * The tests of the mutant's own folder first, for the first failure ends a mutant: one in a line that runs when its file is loaded is seen by every
 * test, and policies by none of the unit level. Of them the shortest first, where Vitest would begin with the longest. A golden test is a run of the whole
 * program, and comes last.
 */
class NearestFirst extends BaseSequencer {
  public override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    // Written by `runner.mjs`, in this process.
    const [folder = ""] = (process.env.MUTATED_FILE ?? "").split("/");
    const distance = ({ moduleId }: TestSpecification) =>
      moduleId.includes("/test/golden/")
        ? 2
        : [`/test/${folder}/`, `/test/unit/${folder}/`].some((near) => moduleId.includes(near))
          ? 0
          : 1;
    const sorted = (await super.sort(files)).reverse();
    return [0, 1, 2].flatMap((wanted) => sorted.filter((file) => distance(file) === wanted));
  }
}

/** The levels that must see a mutant. */
export default defineConfig({
  test: {
    include: [
      "test/unit/{components,config,domain,operations}/**/*.test.ts",
      "test/golden/**/*.test.ts",
      "test/policies/**/*.test.ts",
    ],
    sequence: { sequencer: NearestFirst },
    // Long beside what the tests take: Stryker has a limit of its own for mutants that never end.
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
