import { BaseSequencer, type TestSpecification } from "vitest/node";
import { defineConfig } from "vitest/config";

/** Folders that no golden test runs. */
const UNSEEN = ["operations", "policies"];

/**
 * The tests of the mutant's own folder first, for the first failure ends a mutant: one in a line that runs when its file is loaded is seen by every
 * test, and policies by none of the unit level. Of them the shortest first, where Vitest would begin with the longest. Then the golden tests, where they can
 * see it: they are a run of the whole program, and shorter than all other tests.
 */
class NearestFirst extends BaseSequencer {
  public override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    // Written by `runner.mjs`, in this process.
    const [folder = ""] = (process.env.MUTATED_FILE ?? "").split("/");
    const golden = UNSEEN.includes(folder) ? 3 : 1;
    const distance = ({ moduleId }: TestSpecification) => {
      if ([`/test/${folder}/`, `/test/unit/${folder}/`].some((near) => moduleId.includes(near))) {
        return 0;
      }
      return moduleId.includes("/test/golden/") ? golden : 2;
    };
    const sorted = (await super.sort(files)).reverse();
    return [0, 1, 2, 3].flatMap((wanted) => sorted.filter((file) => distance(file) === wanted));
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
