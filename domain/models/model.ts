import type { NeuronInstanceTypeName } from "../neuron/instanceTypes";
import type { AutoscalingSettings } from "../autoscaling";
import type { ContainerResources } from "../containerResources";

/** Number format of the weights. `int8` and `f8e4m3` halve them against `bf16`; none makes Inf2 compute faster. */
export type WeightFormat = "bf16" | "int8" | "f8e4m3";

/** The figures of a transformer that its memory need follows from, as in the model's `config.json`. */
export interface ModelArchitecture {
  /** Parameters in billions, embeddings included. */
  readonly parametersBillions: number;
  /** `num_hidden_layers`. */
  readonly layers: number;
  /** `num_key_value_heads`. */
  readonly keyValueHeads: number;
  /** `head_dim`. */
  readonly headDimension: number;
}

/** The compiled shape: Neuron graphs are static, so each of these is part of the artifact. */
export interface ModelShape {
  /** NeuronCores that one replica spreads over. */
  readonly tensorParallelSize: number;
  /** Requests that are decoded together, vLLM `--max-num-seqs`. */
  readonly maxSequences: number;
  /** Tokens of prompt and answer together, vLLM `--max-model-len`. */
  readonly maxModelLength: number;
  readonly weightFormat: WeightFormat;
}

/** Where one kind of pod of a model runs and what it gets. */
export interface ModelPlacement {
  readonly instanceType: NeuronInstanceTypeName;
  /** Neuron devices per pod, resource `aws.amazon.com/neuron`. */
  readonly neuronDevices: number;
  readonly resources: ContainerResources;
}

/** One model that the platform serves. */
export interface Model {
  /** Name of the model server, its Services and, behind `vllm/`, of the model in the gateway. */
  readonly name: string;
  /** Hugging Face repository, `owner/name`. */
  readonly repository: string;
  /** Whether the repository wants a token of an account that accepted its licence. */
  readonly gated: boolean;
  /** Git revision of the repository: branch, tag or commit. */
  readonly revision: string;
  readonly architecture: ModelArchitecture;
  readonly shape: ModelShape;
  /** vLLM `--tool-call-parser`; tool calling is off when absent. */
  readonly toolCallParser?: string | undefined;
  /** vLLM `--reasoning-parser`. */
  readonly reasoningParser?: string | undefined;
  /** Jinja chat template in place of the model's own. */
  readonly chatTemplate?: string | undefined;
  readonly serving: ModelPlacement;
  /** Where the artifact Job runs: compiling needs far more host memory than serving. */
  readonly compilation: ModelPlacement & {
    /** Time after which the Job counts as failed, minutes. */
    readonly timeoutMinutes: number;
  };
  readonly autoscaling: AutoscalingSettings;
}

/** What the gateway's names of models begin with. */
export const GATEWAY_MODEL_PREFIX = "vllm/";

/** The name under which the gateway offers a model. */
export function gatewayModelName(model: string): string {
  return `${GATEWAY_MODEL_PREFIX}${model}`;
}
