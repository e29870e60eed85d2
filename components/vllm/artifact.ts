import { createHash } from "node:crypto";
import { NEURON_INSTANCE_TYPES } from "../../domain/neuron/instanceTypes";
import type { Model, ModelShape } from "../../domain/models/model";

/** Where the artifact volume is mounted in the Job and in the model servers. */
export const ARTIFACTS_MOUNT = "/artifacts";

/** Raised when the Job's script lays the volume out differently, so that old artifacts are not taken for new ones. */
const LAYOUT = 1;

/** The folders of one artifact. */
export interface ArtifactPaths {
  /** Folder of everything below. */
  readonly root: string;
  /** The downloaded checkpoint: vLLM loads from here, never from the hub. */
  readonly checkpoint: string;
  /** Quantised weights. */
  readonly quantised: string;
  /** Compiled graphs and sharded weights, `NEURON_COMPILED_ARTIFACTS`. */
  readonly compiled: string;
  /** Written last: its presence says that the artifact is whole. */
  readonly manifest: string;
}

/**
 * Identity of a compiled artifact: everything that goes into the graph. A change of any of it is another artifact with a
 * Job of its own; compiled graphs ignore later overrides silently, so a reused folder would serve the old shape.
 */
export function artifactHash(
  model: Pick<Model, "repository" | "revision" | "shape" | "serving">,
  image: string,
): string {
  const { family } = NEURON_INSTANCE_TYPES[model.serving.instanceType];
  const { tensorParallelSize, maxSequences, maxModelLength, weightFormat } = model.shape;
  const identity = JSON.stringify([
    LAYOUT,
    model.repository,
    model.revision,
    tensorParallelSize,
    maxSequences,
    maxModelLength,
    weightFormat,
    image,
    // Inf2 stays out of it, for its artifacts were named before there was another family.
    ...(family === "inf2" ? [] : [family]),
  ]);
  return createHash("sha256").update(identity).digest("hex").slice(0, 12);
}

export function artifactPaths(hash: string): ArtifactPaths {
  const root = `${ARTIFACTS_MOUNT}/${hash}`;
  return {
    root,
    checkpoint: `${root}/checkpoint`,
    quantised: `${root}/quantised`,
    compiled: `${root}/compiled`,
    manifest: `${root}/manifest.json`,
  };
}

/** `override_neuron_config` for NxD Inference; the same object must be given when compiling and when serving. */
export function neuronConfig(shape: ModelShape, paths: ArtifactPaths): Record<string, unknown> {
  if (shape.weightFormat === "bf16") {
    return { save_sharded_checkpoint: true };
  }
  return {
    quantized: true,
    quantized_checkpoints_path: paths.quantised,
    quantization_dtype: shape.weightFormat,
    quantization_type: "per_channel_symmetric",
    save_sharded_checkpoint: true,
  };
}

/** Environment of every process that compiles or loads a graph of this format. */
export function neuronEnvironment(shape: ModelShape, paths: ArtifactPaths): Record<string, string> {
  return {
    NEURON_COMPILED_ARTIFACTS: paths.compiled,
    NEURON_RT_NUM_CORES: String(shape.tensorParallelSize),
    // Required by NxD Inference for f8e4m3; without both, special values of the format are miscompiled.
    ...(shape.weightFormat === "f8e4m3"
      ? { XLA_HANDLE_SPECIAL_SCALAR: "1", UNSAFE_FP8FNCAST: "1" }
      : {}),
  };
}
