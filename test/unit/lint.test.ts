import { join } from "node:path";
import { ESLint } from "eslint";
import ts from "typescript";
import { describe, expect, test } from "vitest";
import { REPOSITORY } from "../../local/control-plane/environment";

const OUTPUT = 'import * as pulumi from "@pulumi/pulumi";\nconst address = pulumi.output("x");\n';

const REFUSED = [
  {
    what: "an Output in a template",
    code: `${OUTPUT}export const url = \`http://\${address}\`;\n`,
    rule: "restrict-template-expressions",
  },
  {
    what: "an Output added to a string",
    code: `${OUTPUT}export const url = "http://" + address;\n`,
    rule: "restrict-plus-operands",
  },
  {
    what: "a promise that nobody awaits",
    code: "Promise.resolve(1);\n",
    rule: "no-floating-promises",
  },
  { what: "any", code: "export const x: any = 1;\n", rule: "no-explicit-any" },
] as const;

const ACCEPTED = `${OUTPUT}export const url = pulumi.interpolate\`http://\${address}\`;\n`;

/**
 * One program of all the texts, as if each were a file of the repository. The types of the repository's own files, which
 * `project` in the linter's configuration would check first, say nothing about these.
 */
function programOf(texts: ReadonlyMap<string, string>): ts.Program {
  const { config } = ts.readConfigFile(join(REPOSITORY, "tsconfig.json"), (path) =>
    ts.sys.readFile(path),
  ) as { config: { compilerOptions: object } };
  const { options } = ts.convertCompilerOptionsFromJson(config.compilerOptions, REPOSITORY);
  const disk = ts.createCompilerHost(options, true);
  const host: ts.CompilerHost = {
    ...disk,
    readFile: (path) => texts.get(path) ?? disk.readFile(path),
    fileExists: (path) => texts.has(path) || disk.fileExists(path),
    getSourceFile: (path, languageVersion, ...rest) => {
      const text = texts.get(path);
      return text === undefined
        ? disk.getSourceFile(path, languageVersion, ...rest)
        : ts.createSourceFile(path, text, languageVersion, true);
    },
  };
  return ts.createProgram([...texts.keys()], options, host);
}

const texts = new Map(
  [...REFUSED.map(({ code }) => code), ACCEPTED].map((code, index) => [
    join(REPOSITORY, `example${index}.ts`),
    code,
  ]),
);
const eslint = new ESLint({
  cwd: REPOSITORY,
  overrideConfig: {
    languageOptions: { parserOptions: { project: null, programs: [programOf(texts)] } },
  },
});

/** Rules that the project's configuration reports for one of the texts; "fatal" where it could not be read. */
async function rulesBrokenBy(code: string): Promise<string[]> {
  const [filePath] = [...texts].find(([, text]) => text === code) ?? [];
  if (filePath === undefined) {
    throw new Error("this text is not in the program");
  }
  const [result] = await eslint.lintText(code, { filePath });
  return (result?.messages ?? []).map(({ ruleId }) => ruleId ?? "fatal");
}

describe("the linter refuses", () => {
  test.each(REFUSED.map((refused) => [refused.what, refused] as const))(
    "%s",
    async (_what, { code, rule }) => {
      expect(await rulesBrokenBy(code)).toContain(`@typescript-eslint/${rule}`);
    },
  );

  test("but not the right way", async () => {
    expect(await rulesBrokenBy(ACCEPTED)).toEqual([]);
  });
});
