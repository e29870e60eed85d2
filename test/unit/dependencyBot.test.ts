import { readFileSync } from "node:fs";
import { join, posix } from "node:path";
import execa from "execa";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { REPOSITORY } from "../../local/control-plane/environment";

const MANIFESTS = {
  npm: "package-lock.json",
  pip: "requirements.txt",
  gomod: "go.mod",
} as const;

/** The keys of the format that this file uses; others would be a slip of the pen. */
const update = z.strictObject({
  "package-ecosystem": z.enum(["npm", "pip", "gomod", "github-actions"]),
  directory: z.string().startsWith("/").optional(),
  directories: z.array(z.string().startsWith("/")).optional(),
  schedule: z.strictObject({ interval: z.literal("weekly") }),
  cooldown: z.strictObject({ "default-days": z.number().int().positive() }),
  groups: z
    .record(
      z.string(),
      z.strictObject({
        patterns: z.array(z.string()).optional(),
        "dependency-type": z.enum(["development", "production"]).optional(),
        "update-types": z.array(z.enum(["major", "minor", "patch"])).optional(),
      }),
    )
    .optional(),
  ignore: z
    .array(z.strictObject({ "dependency-name": z.string(), versions: z.array(z.string()) }))
    .optional(),
});

const { updates } = z
  .strictObject({ version: z.literal(2), updates: z.array(update) })
  .parse(parse(readFileSync(join(REPOSITORY, ".github", "dependabot.yml"), "utf8")));

/** Folders of the repository that hold a file of this name, as the bot writes them: `/` for the root. */
function foldersWith(manifest: string): string[] {
  const { stdout } = execa.sync("git", ["ls-files", manifest, `**/${manifest}`], {
    cwd: REPOSITORY,
  });
  const paths = new Set(stdout.split("\n").filter((path) => path !== ""));
  return [...paths].map((path) => posix.join("/", posix.dirname(path))).sort();
}

describe("the dependency bot", () => {
  test.each(["npm", "pip", "gomod"] as const)("watches every folder that %s has", (kind) => {
    const watched = updates.filter((entry) => entry["package-ecosystem"] === kind);
    const paths = watched.flatMap(({ directory, directories = [] }) => [
      ...(directory === undefined ? [] : [directory]),
      ...directories,
    ]);
    expect(paths.sort()).toEqual(foldersWith(MANIFESTS[kind]));
  });

  test("watches every kind of dependency once", () => {
    expect(updates.map((watched) => watched["package-ecosystem"]).sort()).toEqual(
      [...Object.keys(MANIFESTS), "github-actions"].sort(),
    );
  });

  test("leaves alone exactly the packages whose reason stands in CONTRIBUTING.md", () => {
    const ignored = updates.flatMap(({ ignore = [] }) =>
      ignore.map((rule) => rule["dependency-name"]),
    );
    const [, section = ""] = readFileSync(join(REPOSITORY, "CONTRIBUTING.md"), "utf8").split(
      /^## Held back for Node\.js 20$/m,
    );
    const rows = (section.split(/^## /m)[0] ?? "").matchAll(/^\| `([^`]+)`/gm);
    expect([...rows].map(([, name = ""]) => name).sort()).toEqual(ignored.sort());
    const { dependencies, devDependencies } = z
      .object({
        dependencies: z.record(z.string(), z.string()),
        devDependencies: z.record(z.string(), z.string()),
      })
      .parse(JSON.parse(readFileSync(join(REPOSITORY, "package.json"), "utf8")));
    expect(Object.keys({ ...dependencies, ...devDependencies })).toEqual(
      expect.arrayContaining(ignored),
    );
  });
});
