import { BaseSequencer, type TestSpecification } from "vitest/node";
import { defineConfig } from "vitest/config";

/** Unit tests and policies first: a golden test is a run of the whole program, and the first failure ends a mutant. */
class GoldenLast extends BaseSequencer {
  public override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const isGolden = ({ moduleId }: TestSpecification) => moduleId.includes("/test/golden/");
    const sorted = await super.sort(files);
    return [...sorted.filter((file) => !isGolden(file)), ...sorted.filter(isGolden)];
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
    sequence: { sequencer: GoldenLast },
    // Long beside what the tests take: Stryker has a limit of its own for mutants that never end.
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
