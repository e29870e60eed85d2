import { z } from "zod";
import { NEURON_INSTANCE_TYPE_NAMES, type NeuronInstanceTypeName } from "../neuron/instanceTypes";
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

/** Scaling of a model unless configuration says otherwise. */
const AUTOSCALING: Parameters<typeof autoscaling>[0] = {
  minReplicas: 1,
  maxReplicas: 2,
  // CPU says little about a Neuron server's load; it stands in until request metrics reach the metrics API.
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

/** Where a model is served unless configuration says otherwise. */
const SERVING: PlacementDefaults = {
  instanceType: "inf2.xlarge",
  neuronDevices: 1,
  resources: {
    requests: { cpu: "3", memory: "12Gi" },
    limits: { cpu: "3500m", memory: "12Gi" },
  },
};

/** Where artifacts are built unless configuration says otherwise. */
const COMPILATION: PlacementDefaults = {
  instanceType: "inf2.8xlarge",
  neuronDevices: 1,
  resources: {
    requests: { cpu: "24", memory: "96Gi" },
    limits: { cpu: "30", memory: "96Gi" },
  },
};

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
  serving: z.strictObject(placementFields(SERVING)).prefault({}),
  compilation: z
    .strictObject({
      ...placementFields(COMPILATION),
      timeoutMinutes: z.number().int().min(10).max(720).default(120),
    })
    .prefault({}),
  autoscaling: autoscaling(AUTOSCALING),
});

/** A model as a stack may write it: what has a default may be left out. */
export type ModelInput = z.input<typeof modelSchema>;
