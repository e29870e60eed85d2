import type { Model } from "../../domain/models/model";
import { VLLM_PORT } from "../../domain/names";
import { neuronConfig, type ArtifactPaths } from "./artifact";

/** Where a chat template of the model's own is mounted. */
export const CHAT_TEMPLATE_PATH = "/etc/vllm/chat-template.jinja";

/** Value of one engine setting; objects are written as JSON. */
type EngineValue = string | number | boolean | Readonly<Record<string, unknown>>;

/** Engine settings that the artifact Job and the server share, by their names in vLLM's `EngineArgs`. */
export function engineSettings(
  model: Pick<Model, "shape">,
  paths: ArtifactPaths,
): Record<string, EngineValue> {
  const { shape } = model;
  return {
    model: paths.checkpoint,
    tensor_parallel_size: shape.tensorParallelSize,
    max_num_seqs: shape.maxSequences,
    max_model_len: shape.maxModelLength,
    enable_prefix_caching: false,
    // On Neuron a block holds a whole sequence; vLLM's own estimate overcommits device memory.
    num_gpu_blocks_override: shape.maxSequences,
    additional_config: { override_neuron_config: neuronConfig(shape, paths) },
  };
}

/** Arguments of `vllm serve` for a model whose artifact lies at `paths`. */
export function serveArguments(
  model: Pick<Model, "name" | "shape" | "toolCallParser" | "reasoningParser" | "chatTemplate">,
  paths: ArtifactPaths,
): string[] {
  const { model: _positional, ...settings } = engineSettings(model, paths);
  return [
    paths.checkpoint,
    `--served-model-name=${model.name}`,
    `--port=${VLLM_PORT}`,
    ...Object.entries(settings).map(([key, value]) => flag(key.replaceAll("_", "-"), value)),
    ...(model.toolCallParser === undefined
      ? []
      : ["--enable-auto-tool-choice", `--tool-call-parser=${model.toolCallParser}`]),
    ...(model.reasoningParser === undefined ? [] : [`--reasoning-parser=${model.reasoningParser}`]),
    ...(model.chatTemplate === undefined ? [] : [`--chat-template=${CHAT_TEMPLATE_PATH}`]),
  ];
}

function flag(name: string, value: EngineValue): string {
  if (typeof value === "boolean") {
    return value ? `--${name}` : `--no-${name}`;
  }
  return `--${name}=${typeof value === "object" ? JSON.stringify(value) : String(value)}`;
}
