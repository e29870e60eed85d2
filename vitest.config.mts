import { defineConfig } from "vitest/config";

/** One test level: its folder, and how long one test may take at most. */
function level(name: string, seconds: number) {
  return {
    extends: true as const,
    test: {
      name,
      include: [`test/${name}/**/*.test.ts`],
      testTimeout: seconds * 1000,
      hookTimeout: seconds * 1000,
    },
  };
}

export default defineConfig({
  test: {
    pool: "forks",
    projects: [
      level("unit", 120),
      level("golden", 120),
      level("policies", 30),
      level("engine", 300),
      level("cluster", 600),
      level("gateway", 600),
    ],
  },
});
