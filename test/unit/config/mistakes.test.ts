import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseConfig } from "../../../config/parse";
import { ConfigError, type ConfigProblem } from "../../../config/rules/problems";
import { configSchema } from "../../../domain/settings/schema";
import { writtenSettings } from "../../../domain/written";
import { MINIMAL, parsed } from "../../support/config";
import { parsedStack } from "../../support/stackFile";

const TOP_LEVEL_KEYS = Object.keys(configSchema.shape);

/** What somebody may write where something else belongs, as the engine hands it over: always text. */
const TEXTS = [
  ...["", " ", "null", "true", "5", "1.34", "yes", "~", "[vllm", "{vllm", "[", "{", "{]", "[}"],
  ...["[]", "{}", "[null]", "[[]]", "[1,2", '{"a":', "{'a': 1}", '{"":1}', '{"a.b":{}}', "[NaN]"],
  ...['{"__proto__":{"kind":"eks"}}', '{"constructor":{}}', '{"kind":{"kind":"eks"}}', "[1e999]"],
  ...['{"kind":"eks"}', '{"kind":null}', '{"kind":["existing"]}', "\u0000", "🙂", "x".repeat(5000)],
] as const;

/** The same as values inside a map. */
const VALUES: readonly unknown[] = [
  ...[
    null,
    true,
    false,
    0,
    -1,
    1.5,
    1e9,
    1e300,
    "",
    " ",
    "[vllm",
    "{",
    "-",
    "1.34",
    "🙂",
    "\u0000",
  ],
  ...[[], {}, [null], [[]], { a: null }, { "": 1 }, "10.0.0.0/99", "0.5m", "9".repeat(400)],
  ...[
    JSON.parse('{"__proto__":{"a":1}}') as unknown,
    { constructor: 1 },
    "constructor",
    "__proto__",
  ],
];

/** The problems of a configuration; what is thrown beside a ConfigError fails the test that asked. */
function problemsOf(settings: Readonly<Record<string, unknown>>): readonly ConfigProblem[] {
  try {
    parseConfig("llm-gateway", settings);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) {
      return error.problems;
    }
    throw error;
  }
}

/** A problem says where, and says it in this program's words: the library's own texts know nothing to write instead. */
function expectHelpful(problem: ConfigProblem): void {
  expect(problem.path.length).toBeGreaterThan(0);
  expect(problem.message).toMatch(/\S/);
  expect(problem.message).not.toMatch(/^(Invalid|Too (small|big)|Unrecognized|undefined)|\[object/);
}

describe("whatever text stands at a top-level key", () => {
  test.each(TOP_LEVEL_KEYS)("%s is accepted, or refused by its path", (key) => {
    for (const text of TEXTS) {
      const written = writtenSettings("llm-gateway", { [`llm-gateway:${key}`]: text });
      const problems = problemsOf({ ...MINIMAL, ...written });
      problems.forEach(expectHelpful);
      const own = problems.filter(({ path }) => path[0] === key);
      // Any of these in place of a map is a mistake; the two strings may be any of those that their rules allow.
      if (!/^[{]/.test(text) && !["modelNamespace", "huggingFaceToken"].includes(key)) {
        expect(own, `${key}: ${text}`).toHaveLength(1);
      }
    }
  });

  test("a text that only looks like JSON is the string that was written", () => {
    expect(writtenSettings("p", { "p:modelNamespace": "[vllm", "p:models": '{"a": 1}' })).toEqual({
      modelNamespace: "[vllm",
      models: { a: 1 },
    });
    expect(problemsOf({ ...MINIMAL, modelNamespace: "[vllm" })).toEqual([
      {
        path: ["modelNamespace"],
        value: "[vllm",
        message: "must be lower-case letters, digits and dashes, starting with a letter",
      },
    ]);
  });

  test("keys of other namespaces are not the program's", () => {
    expect(writtenSettings("p", { "aws:region": "x", "p-2:models": "{", "p:models": "m" })).toEqual(
      { models: "m" },
    );
  });
});

describe("a value of the wrong type", () => {
  test.each([
    ["neuron", null, "must be a map, not nothing; its keys: devicePlugin, image, nodeGroups"],
    ["models", ["qwen"], /^must be a map, not a list \(Models that the platform serves, by name/],
    ["modelNamespace", 5, /^must be a string, not a number; put it in quotes/],
    [
      "storage",
      { block: { create: "yes" } },
      /^must be true or false, not a string \(Make the class; false where the cluster already has/,
    ],
    ["neuron", { nodeGroups: {} }, "is empty; name at least one node group"],
    [
      "neuron",
      { nodeGroups: { serving: { instanceType: "inf2.xlarge", maxSize: 1.5 } } },
      "must be a whole number (Most nodes of the group)",
    ],
    [
      "models",
      { "qwen3-8b-fp8-neuron": { shape: { tensorParallelSize: 3 } } },
      "must be one of 1, 2, 4, 8, 16, 24, 32, 64",
    ],
    ["gateway", { autoscaling: { maxReplicas: 5000 } }, "must be at most 1000"],
    ["gateway", { autoscaling: { scaleUp: { policies: [] } } }, "must not be empty"],
    [
      "gateway",
      { service: { allowedSourceRanges: ["10.0.0.0"] } },
      "is no block of addresses; write for example 10.0.0.0/8",
    ],
  ])("at %s is told what to write: %j", (key, value, message) => {
    expect(problemsOf({ ...MINIMAL, [key]: value }).map((problem) => problem.message)).toEqual([
      typeof message === "string" ? message : expect.stringMatching(message),
    ]);
  });

  test("is never shown where it is a secret", () => {
    const problems = problemsOf({ ...MINIMAL, huggingFaceToken: ["hf_secret"] });
    expect(problems.length).toBeGreaterThan(0);
    expect(JSON.stringify(problems)).not.toContain("hf_secret");
  });

  test("named like a part of every object is a key like any other", () => {
    const model = JSON.parse('{"__proto__": {"chatTemplateFile": "x"}}') as unknown;
    expect(problemsOf({ ...MINIMAL, models: { "qwen3-8b-fp8-neuron": model } })).toEqual([
      expect.objectContaining({ path: ["models", "qwen3-8b-fp8-neuron", "__proto__"] }),
    ]);
  });
});

/** Every path in a tree of maps and lists, its own root left out. */
function pathsOf(tree: unknown, above: readonly string[] = []): string[][] {
  return typeof tree !== "object" || tree === null
    ? []
    : Object.entries(tree).flatMap(([key, value]) => [
        [...above, key],
        ...pathsOf(value, [...above, key]),
      ]);
}

function replaced(tree: unknown, [key, ...rest]: readonly string[], value: unknown): unknown {
  if (key === undefined) {
    return value;
  }
  if (Array.isArray(tree)) {
    return tree.map((item: unknown, index) =>
      String(index) === key ? replaced(item, rest, value) : item,
    );
  }
  return typeof tree !== "object" || tree === null
    ? tree
    : Object.fromEntries(
        Object.entries(tree).map(([name, child]) => [
          name,
          name === key ? replaced(child, rest, value) : child,
        ]),
      );
}

/** Complete configurations, each default written out, as they would stand in a file. */
const COMPLETE = [parsed(), ...["local", "dev", "prod"].map((name) => parsedStack(name))].map(
  (config) => JSON.parse(JSON.stringify(config)) as Record<string, unknown>,
);

describe("one mistake anywhere in a complete configuration", () => {
  test("starts from configurations without a problem", () => {
    expect(COMPLETE.map(problemsOf)).toEqual([[], [], [], []]);
  });

  test("is a problem with a path and a text, never another error", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...COMPLETE).chain((config) =>
          fc.record({
            config: fc.constant(config),
            path: fc.constantFrom(...pathsOf(config)),
            value: fc.oneof(fc.constantFrom(...VALUES), fc.string(), fc.jsonValue()),
          }),
        ),
        ({ config, path, value }) => {
          const changed = replaced(config, path, value) as Record<string, unknown>;
          problemsOf(changed).forEach(expectHelpful);
        },
      ),
      { numRuns: 1000 },
    );
  });
});
