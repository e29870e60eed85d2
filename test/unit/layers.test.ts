import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { ESLint } from "eslint";
import * as ts from "typescript";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { REPOSITORY } from "../../local/control-plane/environment";

type Layers = Readonly<Record<string, readonly string[]>>;

/** The table that the linter's import rule is made from. */
async function layers(): Promise<Layers> {
  const config: unknown = await import(pathToFileURL(join(REPOSITORY, "eslint.config.mjs")).href);
  return z.object({ LAYERS: z.record(z.string(), z.array(z.string())) }).parse(config).LAYERS;
}

/** The first folders or files, in the order met, that lead back to where they started; empty where there is no circle. */
function circle(table: Layers): string[] {
  const done = new Set<string>();
  const visit = (folder: string, path: readonly string[]): string[] => {
    if (path.includes(folder)) {
      return [...path.slice(path.indexOf(folder)), folder];
    }
    if (done.has(folder)) {
      return [];
    }
    done.add(folder);
    for (const next of table[folder] ?? []) {
      const found = visit(next, [...path, folder]);
      if (found.length > 0) {
        return found;
      }
    }
    return [];
  };
  for (const folder of Object.keys(table)) {
    const found = visit(folder, []);
    if (found.length > 0) {
      return found;
    }
  }
  return [];
}

/** The same table between folders of at most `depth` names. */
function seenFrom(depth: number, table: Layers): Layers {
  const short = (folder: string) => folder.split("/").slice(0, depth).join("/");
  const result: Record<string, string[]> = {};
  for (const [folder, allowed] of Object.entries(table)) {
    const others = allowed.map(short).filter((name) => name !== short(folder));
    result[short(folder)] = [...new Set([...(result[short(folder)] ?? []), ...others])];
  }
  return result;
}

describe("what each folder may import", () => {
  test.each([1, 2, 3])("goes one way between folders of depth %i", async (depth) => {
    expect(circle(seenFrom(depth, await layers()))).toEqual([]);
  });

  test("a circle would be found", () => {
    expect(circle({ a: ["b"], b: ["c"], c: ["b"] })).toEqual(["b", "c", "b"]);
  });

  test("is said of every folder with code, and of no other", async () => {
    const folders = files()
      .map(dirname)
      .filter((folder) => folder !== "." && !folder.startsWith("test") && folder !== "examples");
    expect(Object.keys(await layers()).sort()).toEqual([...new Set(folders)].sort());
  });
});

/** Every TypeScript file of the repository, by its path. */
function files(): string[] {
  return execFileSync(
    "git",
    ["ls-files", "--cached", "--others", "--exclude-standard", "--deduplicate", "*.ts"],
    { cwd: REPOSITORY, encoding: "utf8" },
  )
    .trim()
    .split("\n")
    .filter((file) => existsSync(join(REPOSITORY, file)));
}

describe("a file", () => {
  test("is never part of a circle of imports, types included", () => {
    const known = new Set(files());
    const imports = (file: string) =>
      ts
        .preProcessFile(readFileSync(join(REPOSITORY, file), "utf8"))
        .importedFiles.map(({ fileName }) => fileName)
        .filter((name) => name.startsWith("."))
        .map((name) => `${join(dirname(file), name)}.ts`)
        .filter((name) => known.has(name));
    const table = Object.fromEntries([...known].map((file) => [file, imports(file)]));
    expect(Object.values(table).flat().length).toBeGreaterThan(known.size);
    expect(circle(table)).toEqual([]);
  });

  test("has 300 lines at most, and index.ts, the architecture to read, less than 100", () => {
    const lines = (file: string) =>
      readFileSync(join(REPOSITORY, file), "utf8").trimEnd().split("\n").length;
    expect(files().filter((file) => lines(file) > 300)).toEqual([]);
    expect(lines("index.ts")).toBeLessThan(100);
  });
});

describe("the linter refuses an import", () => {
  test.each([
    ["upwards", "domain/labels.ts", "../components/kubernetes/checksum"],
    ["of a type upwards", "components/vllm/artifact.ts", "../../config/load"],
    ["across", "components/vllm/artifact.ts", "../litellm/gateway"],
    ["of the repository by the pack", "policies/rules/imagesPinned.ts", "../../domain/labels"],
    ["of tests", "local/tools/build.ts", "../../test/run"],
  ])("%s", async (_what, filePath, specifier) => {
    const eslint = new ESLint({
      cwd: REPOSITORY,
      ruleFilter: ({ ruleId }) => ruleId === "import-x/no-restricted-paths",
      // Imports need no types: without them the file is parsed alone.
      overrideConfig: { languageOptions: { parserOptions: { project: null } } },
    });
    const [result] = await eslint.lintText(`import type * as x from "${specifier}";\n`, {
      filePath,
    });
    expect((result?.messages ?? []).map(({ ruleId, message }) => [ruleId, message])).toEqual([
      ["import-x/no-restricted-paths", expect.stringContaining("LAYERS")],
    ]);
  });
});
