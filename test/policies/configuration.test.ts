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
  test.each<[Record<string, Record<string, unknown>>, string]>([
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
    [
      { "images-pinned": { constructor: true } },
      "images-pinned.constructor: there is no such parameter; it may be requireDigest, movingTags",
    ],
    [
      { "neuron-pods": Object.fromEntries([["__proto__", []]]) },
      "neuron-pods.__proto__: there is no such parameter; it may be imagePattern, exempt",
    ],
    [
      { "images-pinned.constructor": {} },
      'images-pinned.constructor: there is no such policy; did you mean "images-pinned"?',
    ],
    [
      { all: { requireDigest: true } },
      "all.requireDigest: all takes enforcementLevel alone; write parameters under images-pinned",
    ],
    [
      { all: { enforcementlevel: "advisory" } },
      'all.enforcementlevel: all takes enforcementLevel alone; write parameters under the policy that has it; did you mean "enforcementLevel"?',
    ],
    [
      { "autoscaler-bounds": { highestMaximum: 0 } },
      "autoscaler-bounds.highestMaximum = 0: must be 1 or more",
    ],
    [
      { "autoscaler-bounds": { highestMaximum: Number.NaN } },
      "autoscaler-bounds.highestMaximum = NaN: must be a whole number",
    ],
    [
      { "autoscaler-bounds": { longestWindowSeconds: -1 } },
      "autoscaler-bounds.longestWindowSeconds = -1: must be 0 or more",
    ],
    [
      { "aws-no-public-stores": { ports: [5432, 0] } },
      "aws-no-public-stores.ports = [5432,0]: must be ports, 1 to 65535",
    ],
    [
      { "aws-no-public-stores": { ports: [70000] } },
      "aws-no-public-stores.ports = [70000]: must be ports, 1 to 65535",
    ],
    [{ "no-plain-secrets": { allow: [""] } }, 'no-plain-secrets.allow = [""]: holds an empty text'],
    [
      { "neuron-pods": { imagePattern: "" } },
      'neuron-pods.imagePattern = "": is empty, and would match everything',
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
    expect(problems({ all: { enforcementLevel: "advisory" } })).toEqual([]);
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
