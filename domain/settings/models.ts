import { z } from "zod";
import { NEURON_INSTANCE_TYPE_NAMES, type NeuronInstanceTypeName } from "../neuron/instanceTypes";
import {
  DEFAULT_COMPILATION,
  DEFAULT_MODEL_AUTOSCALING,
  DEFAULT_SERVING,
  MODEL_PRESETS,
} from "../models/catalogue";
import { autoscaling, containerResources } from "./fields";

/** Longest model name: Kubernetes adds `-artifact-<hash>` and limits a name to 63 characters. */
const NAME_LENGTH = 40;

export const modelName = z
  .string()
  .max(NAME_LENGTH)
  .regex(
    /^[a-z]([-a-z0-9]*[a-z0-9])?$/,
    "must be lower-case letters, digits and dashes, starting with a letter",
  );

interface PlacementDefaults {
  readonly instanceType: NeuronInstanceTypeName;
  readonly neuronDevices: number;
  readonly resources: Parameters<typeof containerResources>[0];
}

function placementFields(defaults: PlacementDefaults) {
  return {
    instanceType: z.enum(NEURON_INSTANCE_TYPE_NAMES).default(defaults.instanceType),
    neuronDevices: z.number().int().min(1).max(16).default(defaults.neuronDevices),
    resources: containerResources(defaults.resources),
  };
}

const positive = z.number().int().min(1);

/** One model, complete: presets are merged in before this schema sees it. */
export const modelSchema = z.strictObject({
  repository: z
    .string()
    .regex(/^[\w.-]+\/[\w.-]+$/, "is no Hugging Face repository; write owner/name")
    .describe("Hugging Face repository, owner/name"),
  gated: z
    .boolean()
    .default(false)
    .describe("Whether the repository wants a token of an account that accepted its licence"),
  revision: z.string().min(1).default("main").describe("Branch, tag or commit of the repository"),
  architecture: z
    .strictObject({
      parametersBillions: z.number().positive().describe("Parameters in billions"),
      layers: positive.describe("num_hidden_layers of config.json"),
      keyValueHeads: positive.describe("num_key_value_heads of config.json"),
      headDimension: positive.describe("head_dim of config.json"),
    })
    .describe("Figures that the memory need follows from"),
  shape: z.strictObject({
    tensorParallelSize: z
      .union([z.literal(1), z.literal(2), z.literal(4), z.literal(8), z.literal(24)])
      .describe("NeuronCores per replica; Inf2 allows 1, 2, 4, 8 and 24"),
    maxSequences: positive.max(256).describe("Requests decoded together"),
    maxModelLength: positive.min(128).describe("Tokens of prompt and answer together"),
    weightFormat: z.enum(["bf16", "int8", "f8e4m3"]),
  }),
  toolCallParser: z.string().optional().describe("vLLM --tool-call-parser"),
  reasoningParser: z.string().optional().describe("vLLM --reasoning-parser"),
  chatTemplateFile: z
    .string()
    .optional()
    .describe("Jinja chat template, path relative to the project folder"),
  serving: z.strictObject(placementFields(DEFAULT_SERVING)).prefault({}),
  compilation: z
    .strictObject({
      ...placementFields(DEFAULT_COMPILATION),
      timeoutMinutes: z.number().int().min(10).max(720).default(DEFAULT_COMPILATION.timeoutMinutes),
    })
    .prefault({}),
  autoscaling: autoscaling(DEFAULT_MODEL_AUTOSCALING),
});

/** Lays a user's model over the preset of the same name, field by field; lists replace lists. */
export function withPreset(name: string, written: unknown): unknown {
  const preset: unknown = Object.hasOwn(MODEL_PRESETS, name) ? MODEL_PRESETS[name] : undefined;
  return preset === undefined ? written : overlay(preset, written ?? {});
}

function overlay(below: unknown, above: unknown): unknown {
  if (!isPlainObject(below) || !isPlainObject(above)) {
    return above;
  }
  // From entries: an assignment to a key named __proto__ would set the prototype and hide the key from the schema.
  return Object.fromEntries([
    ...Object.entries(below),
    ...Object.entries(above).map(([key, value]): [string, unknown] => [
      key,
      Object.hasOwn(below, key) ? overlay(below[key], value) : value,
    ]),
  ]);
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
