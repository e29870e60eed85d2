import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { configurationProblems } from "../../policies/factory/configuration";
import { RULES } from "../../policies/pack";
import { autoscaler, budget, container, deployment } from "./fixtures";
import { violations } from "./support";

const PRESETS = join(__dirname, "..", "..", "policies", "presets");
const NAMES = RULES.map(({ definition }) => definition.name);

const problems = (configuration: Record<string, Record<string, unknown>>) =>
  configurationProblems(new Map(Object.entries(configuration)), RULES);

describe("a mistake in the configuration is said with its place", () => {
  test.each([
    [
      { "images-pined": {} },
      'images-pined: there is no such policy; did you mean "images-pinned"?',
    ],
    [
      { "images-pinned": { requireDigests: true } },
      'images-pinned.requireDigests: there is no such parameter; did you mean "requireDigest"?',
    ],
    [
      { "aws-node-metadata": { strict: true } },
      "aws-node-metadata.strict: there is no such parameter; it has no parameters",
    ],
    [
      { "probes-present": { zzzzzzzzzzzz: [] } },
      "probes-present.zzzzzzzzzzzz: there is no such parameter; it may be kinds",
    ],
    [
      { "aws-no-public-stores": { ports: ["5432"] } },
      'aws-no-public-stores.ports = ["5432"]: must be a list of whole numbers',
    ],
    [
      { "images-pinned": { requireDigest: "yes" } },
      'images-pinned.requireDigest = "yes": must be true or false',
    ],
  ])("%j", (configuration, message) => {
    expect(problems(configuration)).toEqual([message]);
  });

  test("a regular expression that does not compile", () => {
    expect(problems({ "neuron-pods": { imagePattern: "(" } })).toEqual([
      expect.stringContaining('neuron-pods.imagePattern = "(": Invalid regular expression'),
    ]);
  });

  test("all mistakes at once, and none in a right one", () => {
    expect(problems({ a: {}, b: {} })).toHaveLength(2);
    expect(problems({ all: {}, "images-pinned": { movingTags: ["edge"] } })).toEqual([]);
  });
});

describe("presets", () => {
  const preset = z.record(z.string(), z.enum(["disabled", "mandatory", "advisory"]));
  const read = (name: string) =>
    preset.parse(JSON.parse(readFileSync(join(PRESETS, `${name}.json`), "utf8")));
  const switchedOn = (name: string) =>
    Object.entries(read(name)).flatMap(([rule, level]) => (level === "disabled" ? [] : [rule]));

  test("are these three, each over switched-off rules", () => {
    expect(readdirSync(PRESETS).sort()).toEqual(["aws.json", "headline.json", "workloads.json"]);
    for (const name of ["aws", "headline", "workloads"]) {
      expect(read(name).all).toBe("disabled");
      expect(switchedOn(name).filter((rule) => !NAMES.includes(rule))).toEqual([]);
    }
  });

  test("split the rules between Kubernetes and AWS", () => {
    expect([...switchedOn("workloads"), ...switchedOn("aws")].sort()).toEqual([...NAMES].sort());
    expect(switchedOn("aws").every((rule) => rule.startsWith("aws-"))).toBe(true);
  });
});

describe("with one rule alone switched on", () => {
  const RULE = "autoscaler-target-requests";
  const bare = deployment({ containers: [container({ resources: {} })] });

  test.each(RULES.map(({ definition }) => definition.name))(
    "%s passes a good stack",
    async (only) => {
      const options = { only: [only], unconfiguredProvider: true };
      expect(await violations([deployment(), autoscaler(), budget()], options)).toEqual({});
    },
  );

  test("the main rule still sees inputs of which stack policies see nothing", async () => {
    const options = { only: [RULE], unconfiguredProvider: true };
    expect((await violations([bare, autoscaler()], options))[RULE]).toHaveLength(2);
  });
});
