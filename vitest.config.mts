import { defineConfig } from "vitest/config";

/**
 * One test level: its folder, and how long one test may take at most: many times what it takes on two idle cores, so that a
 * limit ends what hangs, and never what runs beside other work.
 */
function level(name: string, seconds: number) {
  return {
    extends: true as const,
    test: {
      name,
      include: [`test/${name}/**/*.test.ts`],
      testTimeout: seconds * 1000,
      hookTimeout: seconds * 1000,
      // Where tests say that they may run side by side, as previews of edits do: half of a preview keeps one core busy.
      maxConcurrency: 2,
    },
  };
}

export default defineConfig({
  test: {
    pool: "forks",
    projects: [
      level("unit", 120),
      level("golden", 120),
      level("policies", 120),
      level("account", 600),
      level("engine", 1200),
      level("cluster", 1800),
      level("gateway", 1800),
    ],
  },
});
