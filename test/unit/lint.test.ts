import { ESLint } from "eslint";
import { describe, expect, test } from "vitest";

/** Rules that the project's configuration reports for a text, as if it stood in index.ts. */
async function rulesBrokenBy(code: string): Promise<(string | null)[]> {
  const eslint = new ESLint({
    overrideConfig: {
      languageOptions: {
        // In continuous integration the parser would take the file's types from the disk, not from this text.
        parserOptions: { disallowAutomaticSingleRunInference: true },
      },
    },
  });
  const [result] = await eslint.lintText(code, { filePath: "index.ts" });
  return (result?.messages ?? []).map(({ ruleId }) => ruleId);
}

const OUTPUT = 'import * as pulumi from "@pulumi/pulumi";\nconst address = pulumi.output("x");\n';

describe("the linter refuses", () => {
  test.each([
    [
      "an Output in a template",
      `${OUTPUT}export const url = \`http://\${address}\`;\n`,
      "restrict-template-expressions",
    ],
    [
      "an Output added to a string",
      `${OUTPUT}export const url = "http://" + address;\n`,
      "restrict-plus-operands",
    ],
    ["a promise that nobody awaits", "Promise.resolve(1);\n", "no-floating-promises"],
    ["any", "export const x: any = 1;\n", "no-explicit-any"],
  ])("%s", async (_what, code, rule) => {
    expect(await rulesBrokenBy(code)).toContain(`@typescript-eslint/${rule}`);
  });

  test("but not the right way", async () => {
    expect(
      await rulesBrokenBy(
        `${OUTPUT}export const url = pulumi.interpolate\`http://\${address}\`;\n`,
      ),
    ).toEqual([]);
  });
});
