import { describe, expect, test } from "vitest";
import { stackFileSchema } from "../../../config/jsonSchema";
import { parseConfig } from "../../../config/parse";
import {
  catalogueFallbacks,
  DEFAULT_MODELS,
  MODEL_CATALOGUE,
  type Catalogue,
} from "../../../domain/models/catalogue";
import { MINIMAL } from "../../support/config";
import { LLAMA, QWEN } from "../../support/models";
import { stackConfig } from "../../support/stackFile";

const NEW = "another-70b-bf16-neuron";

/** The catalogue with a model more, which the default node groups have no room for. */
const LARGER: Catalogue = {
  [NEW]: {
    settings: {
      repository: "owner/another-70b",
      revision: "0123456789abcdef0123456789abcdef01234567",
      gated: true,
      architecture: { parametersBillions: 70, layers: 80, keyValueHeads: 8, headDimension: 128 },
      shape: {
        tensorParallelSize: 24,
        maxSequences: 4,
        maxModelLength: 4096,
        weightFormat: "bf16",
      },
      serving: {
        instanceType: "inf2.48xlarge",
        neuronDevices: 12,
        resources: {
          requests: { cpu: "64", memory: "300Gi" },
          limits: { cpu: "96", memory: "300Gi" },
        },
      },
      compilation: {
        instanceType: "inf2.48xlarge",
        neuronDevices: 12,
        resources: {
          requests: { cpu: "64", memory: "300Gi" },
          limits: { cpu: "96", memory: "300Gi" },
        },
      },
      autoscaling: { maxReplicas: 1 },
    },
    fallbacks: [LLAMA, QWEN],
  },
  ...MODEL_CATALOGUE,
};

const ROOM = {
  neuron: {
    nodeGroups: {
      serving: { instanceType: "inf2.xlarge", maxSize: 4 },
      compilation: { instanceType: "inf2.8xlarge", maxSize: 1 },
      large: { instanceType: "inf2.48xlarge", maxSize: 1 },
    },
  },
};

const parse = (changes: Readonly<Record<string, unknown>>, catalogue?: Catalogue) =>
  parseConfig("llm-gateway", { ...MINIMAL, ...changes }, catalogue);

describe("a new entry of the catalogue", () => {
  test("changes nothing for a stack that names no model", () => {
    expect(parse({}, LARGER)).toEqual(parse({}));
    expect(Object.keys(parse({}, LARGER).models)).toEqual([LLAMA, QWEN]);
  });

  test.each(["local", "dev", "prod"])("changes nothing for the stack %s", (stack) => {
    const own = Object.fromEntries(
      Object.entries(stackConfig(stack)).map(([key, value]) => [
        key.replace("llm-gateway:", ""),
        value,
      ]),
    );
    expect(parseConfig("llm-gateway", own, LARGER)).toEqual(parseConfig("llm-gateway", own));
  });

  test("is served where a stack names it, changed as the stack says", () => {
    const models = { [NEW]: { shape: { maxModelLength: 2048 } } };
    expect(parse({ ...ROOM, models }, LARGER).models).toEqual({
      [NEW]: expect.objectContaining({
        repository: "owner/another-70b",
        shape: {
          tensorParallelSize: 24,
          maxSequences: 4,
          maxModelLength: 2048,
          weightFormat: "bf16",
        },
      }) as unknown,
    });
  });

  test("can be written in a stack file without its fields, and an editor says so", () => {
    const config = stackFileSchema("llm-gateway", LARGER).properties?.config;
    const models = typeof config === "object" ? config.properties?.["llm-gateway:models"] : false;
    expect(models).toMatchObject({
      description: expect.stringContaining(NEW) as unknown,
      default: { [LLAMA]: {}, [QWEN]: {} },
      properties: { [NEW]: { properties: { repository: { type: "string" } } } },
    });
  });
});

describe("fallbacks of the catalogue", () => {
  test("hold among the served models alone", () => {
    expect(catalogueFallbacks(MODEL_CATALOGUE, [LLAMA, QWEN])).toEqual({ [LLAMA]: [QWEN] });
    expect(catalogueFallbacks(MODEL_CATALOGUE, [LLAMA])).toEqual({});
    expect(catalogueFallbacks(LARGER, [NEW, QWEN])).toEqual({ [NEW]: [QWEN] });
    expect(catalogueFallbacks(MODEL_CATALOGUE, ["constructor", QWEN])).toEqual({});
  });

  test("name other models of the catalogue", () => {
    for (const [name, { fallbacks = [] }] of Object.entries(MODEL_CATALOGUE)) {
      expect(Object.keys(MODEL_CATALOGUE)).toEqual(expect.arrayContaining([...fallbacks]));
      expect(fallbacks).not.toContain(name);
    }
  });
});

test("the models that are served by default are in the catalogue", () => {
  expect(Object.keys(MODEL_CATALOGUE)).toEqual(expect.arrayContaining([...DEFAULT_MODELS]));
});
