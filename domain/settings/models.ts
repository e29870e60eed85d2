import { z } from "zod";
import { FAMILY_FACTS, TENSOR_PARALLEL_SIZES } from "../neuron/families";
import { NEURON_INSTANCE_TYPE_NAMES, type NeuronInstanceTypeName } from "../neuron/instanceTypes";
import { autoscaling, type AutoscalingDefaults } from "./autoscaling";
import { containerResources, dnsLabel, optional, type Settings } from "./fields";
import { modelRequestsSchema } from "./requests";
import { plainOverrides, servedOverrides } from "./overrides";

/** Name of a model: Kubernetes adds `-artifact-<hash>` and limits a name to 63 characters. */
export const modelName = dnsLabel(40);

const AUTOSCALING: AutoscalingDefaults = {
  minReplicas: 1,
  leastMinReplicas: 0,
  maxReplicas: 2,
  // CPU says little about a Neuron server's load; it stands in where nobody reads the requests.
  cpuUtilization: 70,
  scaleUp: {
    stabilizationWindowSeconds: 0,
    selectPolicy: "Max",
    policies: [{ type: "Pods", value: 1, periodSeconds: 60 }],
  },
  scaleDown: {
    stabilizationWindowSeconds: 600,
    selectPolicy: "Min",
    policies: [{ type: "Pods", value: 1, periodSeconds: 300 }],
  },
};

interface PlacementDefaults {
  readonly instanceType: NeuronInstanceTypeName;
  readonly neuronDevices: number;
  readonly resources: Parameters<typeof containerResources>[0];
}

const SERVING: PlacementDefaults = {
  instanceType: "inf2.xlarge",
  neuronDevices: 1,
  resources: {
    requests: { cpu: "3", memory: "12Gi" },
    limits: { cpu: "3500m", memory: "12Gi" },
  },
};

/** Compiling needs far more host memory than serving. */
const COMPILATION: PlacementDefaults = {
  instanceType: "inf2.8xlarge",
  neuronDevices: 1,
  resources: {
    requests: { cpu: "24", memory: "96Gi" },
    limits: { cpu: "30", memory: "96Gi" },
  },
};

function placementFields(purpose: string, defaults: PlacementDefaults, note = "") {
  return {
    instanceType: z
      .enum(NEURON_INSTANCE_TYPE_NAMES)
      .default(defaults.instanceType)
      .describe(
        `EC2 instance type of the nodes that ${purpose} the model; a node group must have it${note}`,
      ),
    neuronDevices: z
      .number()
      .int()
      .min(1)
      .max(16)
      .default(defaults.neuronDevices)
      .describe(
        "Neuron devices per pod, resource aws.amazon.com/neuron: one, or all of the instance type, for no other number is sure to be connected",
      ),
    resources: containerResources(defaults.resources),
  };
}

const positive = z.number().int().min(1);

const usdPerMillionTokens = z.number().min(0).max(1_000_000);

/** What a token costs: own prices, or what they are computed from. Formula and sources: docs/costs.md, "What a token costs". */
const priceSchema = z
  .strictObject({
    inputUsdPerMillionTokens: optional(
      usdPerMillionTokens,
      "Price of a million tokens of prompts, US dollars",
      "a quarter of the output price (an assumption)",
    ),
    outputUsdPerMillionTokens: optional(
      usdPerMillionTokens,
      "Price of a million tokens of answers, US dollars",
      "the replica's hour over its tokens in an hour",
    ),
    instanceHourUsd: optional(
      z.number().positive().max(10_000),
      "Price of an hour of the instance that serves the model, US dollars: your region's, a saving plan's or that of spot",
      "the on-demand list price in us-east-1; none is known of Trn2",
    ),
    tokensPerSecond: z
      .number()
      .positive()
      .max(100_000)
      .default(20)
      .describe(
        "Tokens per second of one sequence while all of shape.maxSequences decode; the default is an assumption, operations load measures it",
      ),
    utilisation: z
      .number()
      .positive()
      .max(1)
      .default(0.5)
      .describe(
        "Share of a replica's tokens that is asked for, on average over the hours that it is paid for; the default is an assumption",
      ),
  })
  .prefault({});

/** One model, complete: what the catalogue knows of it is merged in before this schema sees it. */
export const modelSchema = z.strictObject({
  repository: z
    .string()
    .regex(/^[\w.-]+\/[\w.-]+$/, "is no Hugging Face repository; write owner/name")
    .describe("Hugging Face repository, owner/name"),
  gated: z
    .boolean()
    .default(false)
    .describe("Whether the repository wants a token of an account that accepted its licence"),
  revision: z
    .string()
    .regex(
      /^[0-9a-f]{40}$/,
      "is no commit: a branch or a tag may mean other weights tomorrow; write the 40 hex digits that git ls-remote https://huggingface.co/OWNER/NAME main prints",
    )
    .describe(
      "Commit of the repository, 40 hex digits: git ls-remote https://huggingface.co/OWNER/NAME main",
    ),
  architecture: z
    .strictObject({
      parametersBillions: z
        .number()
        .positive()
        .describe("Parameters in billions, embeddings included"),
      layers: positive.describe("num_hidden_layers of config.json"),
      keyValueHeads: positive.describe("num_key_value_heads of config.json"),
      headDimension: positive.describe("head_dim of config.json"),
    })
    .describe("Figures of the transformer that its memory need follows from"),
  shape: z
    .strictObject({
      tensorParallelSize: z.literal(TENSOR_PARALLEL_SIZES).describe(
        `NeuronCores that one replica spreads over: ${Object.values(FAMILY_FACTS)
          .map(({ title, tensorParallelSizes }) => `${title} ${tensorParallelSizes.join(", ")}`)
          .join("; ")}`,
      ),
      maxSequences: positive
        .max(256)
        .describe("Requests that are decoded together, vLLM --max-num-seqs"),
      maxModelLength: positive
        .min(128)
        .describe("Tokens of prompt and answer together, vLLM --max-model-len"),
      weightFormat: z
        .enum(["bf16", "int8", "f8e4m3"])
        .describe(
          "Number format of the weights; int8 and f8e4m3 halve them against bf16, none makes Inf2 compute faster",
        ),
    })
    .describe(
      "The compiled shape: Neuron graphs are static, so each of these is part of the artifact",
    ),
  toolCallParser: optional(z.string(), "vLLM --tool-call-parser", "tool calling is off"),
  reasoningParser: optional(
    z.string(),
    "vLLM --reasoning-parser",
    "reasoning is part of the answer",
  ),
  chatTemplateFile: optional(
    z.string(),
    "Jinja chat template, path relative to the project folder",
    "the template of the repository",
  ),
  serving: z
    .strictObject({ ...placementFields("serve", SERVING), ...servedOverrides })
    .prefault({}),
  compilation: z
    .strictObject({
      ...placementFields(
        "compile",
        COMPILATION,
        "; for a model that is not served on Inf2, by default the type that serves",
      ),
      ...plainOverrides,
      timeoutMinutes: z
        .number()
        .int()
        .min(10)
        .max(720)
        .default(120)
        .describe("Time after which the artifact Job counts as failed, minutes"),
    })
    .prefault({}),
  autoscaling: autoscaling(AUTOSCALING).extend({ requests: modelRequestsSchema }).prefault({}),
  price: priceSchema,
});

/** A model as a stack may write it: what has a default may be left out. */
export type ModelInput = z.input<typeof modelSchema>;

/** A model's settings. */
export type ModelSettings = Settings<typeof modelSchema>;
