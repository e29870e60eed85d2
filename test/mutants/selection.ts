import { UserError } from "../../domain/failure";

/** Folders whose lines are changed: what runs in a production update, and what judges a live stack. */
const PRODUCT = ["components", "config", "domain", "operations", "policies"] as const;

/** What writes files or reads a command line, and so has no test at these levels. */
const WIRING = new Set(["config/writeSchema.ts", "operations/cli.ts", "policies/index.ts"]);

/** Programs that show what the policies refuse: wrong on purpose. */
const EXAMPLES = "policies/examples/";

/** Everything that can be asked for, as patterns of Stryker. */
export const EVERYTHING: readonly string[] = [
  "index.ts",
  ...PRODUCT.map((folder) => `${folder}/**/*.ts`),
  ...[...WIRING, `${EXAMPLES}**`].map((left) => `!${left}`),
];

/** Whether `file`, by its path in the repository, is code whose mutants count. */
export function isProduct(file: string): boolean {
  return (
    file === "index.ts" ||
    (file.endsWith(".ts") &&
      PRODUCT.some((folder) => file.startsWith(`${folder}/`)) &&
      !WIRING.has(file) &&
      !file.startsWith(EXAMPLES))
  );
}

/**
 * The patterns for paths that a user names: folders, files, or files with lines, as in `domain/cidr.ts:10-20`.
 *
 * @throws UserError for a path outside of the product
 */
export function patternsFor(paths: readonly string[]): string[] {
  return paths.map((path) => {
    const pattern = path.replace(/^\.\//, "").replace(/\/$/, "");
    const whole = /\.ts(:[\d:]+-[\d:]+)?$/.test(pattern) ? pattern : `${pattern}/**/*.ts`;
    if (!isProduct(whole.replace(/(\.ts):.*$/, "$1"))) {
      throw new UserError(
        `"${path}" has no code whose mutants count`,
        `name files or folders of ${PRODUCT.join(", ")}: make mutants FILES="domain/cidr.ts components/vllm"`,
      );
    }
    return whole;
  });
}
