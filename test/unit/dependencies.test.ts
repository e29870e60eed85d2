import { readFileSync } from "node:fs";
import { builtinModules, createRequire } from "node:module";
import { join, relative } from "node:path";
import { transform } from "sucrase";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { REPOSITORY } from "../../local/control-plane/environment";

/** What `npm ci --omit=dev` must leave working: the program, the policy pack, the operator's commands, their loader. */
const ROOTS = ["index.ts", "policies/index.ts", "operations/cli.ts", "typescript.cjs"];

/** Packages that no file of ours names, and what loads them. */
const LOADED_FOR_US: Readonly<Record<string, string>> = {
  typescript: "@pulumi/pulumi/cmd/run-policy-pack",
  "ts-node": "@pulumi/pulumi/cmd/run-policy-pack",
};

const manifest = z
  .object({
    dependencies: z.record(z.string(), z.string()),
    devDependencies: z.record(z.string(), z.string()),
  })
  .parse(JSON.parse(readFileSync(join(REPOSITORY, "package.json"), "utf8")));

/** `require("x")`, `require.resolve("x")`, `createRequire(__filename)("x")`. */
const REQUEST = /(?:\b(?:require|resolve)|createRequire[^"'\n]*\))\(\s*["']([^"']+)["']\s*\)/g;

/** What a file asks for when it is loaded, types left out, as our own loader compiles it. */
function requestsOf(file: string): string[] {
  const text = readFileSync(file, "utf8");
  const code = file.endsWith(".ts")
    ? transform(text, { transforms: ["imports", "typescript"], filePath: file }).code
    : text;
  return [...code.matchAll(REQUEST)].map(([, name = ""]) => name);
}

/** `@scope/name` or `name` of a path into a package. */
const packageOf = (request: string) => /^(@[^/]+\/[^/]+|[^/]+)/.exec(request)?.[1] ?? request;

/** Files that the roots load, and the packages that these import, each with one file that does. */
function closure(roots: readonly string[]) {
  const files = new Set<string>();
  const packages = new Map<string, string>();
  const open = roots.map((root) => join(REPOSITORY, root));
  for (let file = open.pop(); file !== undefined; file = open.pop()) {
    if (files.has(file)) {
      continue;
    }
    files.add(file);
    for (const request of requestsOf(file)) {
      if (request.startsWith(".")) {
        open.push(resolveFile(file, request));
      } else if (!request.startsWith("node:") && !builtinModules.includes(request)) {
        packages.set(packageOf(request), relative(REPOSITORY, file));
      }
    }
  }
  return { files: [...files].map((file) => relative(REPOSITORY, file)), packages };
}

function resolveFile(from: string, request: string): string {
  const require = createRequire(from);
  for (const suffix of ["", ".ts", "/index.ts"]) {
    try {
      return require.resolve(request + suffix);
    } catch {
      // The next one may be the file.
    }
  }
  throw new Error(`${from} asks for ${request}, which is no file`);
}

const production = closure(ROOTS);

describe("npm ci --omit=dev", () => {
  test("installs each package that the program, the policy pack and the operator's commands load", () => {
    expect(production.files).toEqual(
      expect.arrayContaining(["config/load.ts", "policies/pack.ts", "operations/watch/watch.ts"]),
    );
    const missing = [...production.packages].filter(([name]) => !(name in manifest.dependencies));
    expect(missing).toEqual([]);
  });

  test("installs nothing else", () => {
    const loaded = [...production.packages.keys(), ...Object.keys(LOADED_FOR_US)];
    expect(Object.keys(manifest.dependencies).filter((name) => !loaded.includes(name))).toEqual([]);
  });

  test("leaves the packages that Pulumi itself loads for a policy pack written in TypeScript", () => {
    const runner = join(REPOSITORY, "node_modules", "@pulumi", "pulumi", "cmd", "run-policy-pack");
    expect(readFileSync(join(runner, "index.js"), "utf8")).toMatch(/typeScript: (true|!)/);
    expect(Object.keys(manifest.dependencies)).toEqual(
      expect.arrayContaining(Object.keys(LOADED_FOR_US)),
    );
  });

  test("needs no file of the embedded environment or of the tests", () => {
    expect(production.files.filter((file) => /^(local|test)\//.test(file))).toEqual([]);
  });
});
