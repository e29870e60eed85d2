import type { Model } from "./model";

/** A model as configuration may leave it out: everything but the name. */
export type ModelPreset = Omit<Model, "name" | "chatTemplate"> & {
  /** Path of the chat template, relative to the project folder. */
  readonly chatTemplateFile?: string;
};

/** Scaling of a model unless configuration says otherwise. */
export const DEFAULT_MODEL_AUTOSCALING = {
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
} satisfies Model["autoscaling"];

/** Where a model is served unless configuration says otherwise. */
export const DEFAULT_SERVING = {
  instanceType: "inf2.xlarge",
  neuronDevices: 1,
  resources: {
    requests: { cpu: "3", memory: "12Gi" },
    limits: { cpu: "3500m", memory: "12Gi" },
  },
} satisfies Model["serving"];

/** Where artifacts are built unless configuration says otherwise. */
export const DEFAULT_COMPILATION = {
  instanceType: "inf2.8xlarge",
  neuronDevices: 1,
  resources: {
    requests: { cpu: "24", memory: "96Gi" },
    limits: { cpu: "30", memory: "96Gi" },
  },
  timeoutMinutes: 120,
} satisfies Model["compilation"];

/**
 * The models that the platform serves unless configuration says otherwise. Architecture: the `config.json` of each
 * repository. Both quantise to one byte a weight so that a replica loads within the 16 GiB host of an inf2.xlarge.
 */
export const MODEL_PRESETS: Readonly<Record<string, ModelPreset>> = {
  "llama-3-1-8b-int8-neuron": {
    repository: "meta-llama/Llama-3.1-8B-Instruct",
    gated: true,
    revision: "main",
    architecture: { parametersBillions: 8.03, layers: 32, keyValueHeads: 8, headDimension: 128 },
    shape: { tensorParallelSize: 2, maxSequences: 4, maxModelLength: 8192, weightFormat: "int8" },
    toolCallParser: "llama3_json",
    chatTemplateFile: "domain/models/templates/llama-3.1-json-tools.jinja",
    serving: DEFAULT_SERVING,
    compilation: DEFAULT_COMPILATION,
    autoscaling: DEFAULT_MODEL_AUTOSCALING,
  },
  "qwen3-8b-fp8-neuron": {
    repository: "Qwen/Qwen3-8B",
    gated: false,
    revision: "main",
    architecture: { parametersBillions: 8.19, layers: 36, keyValueHeads: 8, headDimension: 128 },
    shape: { tensorParallelSize: 2, maxSequences: 4, maxModelLength: 4096, weightFormat: "f8e4m3" },
    toolCallParser: "hermes",
    reasoningParser: "qwen3",
    serving: DEFAULT_SERVING,
    compilation: DEFAULT_COMPILATION,
    autoscaling: DEFAULT_MODEL_AUTOSCALING,
  },
};
