import type { ModelSettings } from "../settings/models";

/** One model that the platform serves: its settings with its name, and its chat template read. */
export type Model = Omit<ModelSettings, "chatTemplateFile"> & {
  /** Name of the model server, its Services and, behind `vllm/`, of the model in the gateway. */
  readonly name: string;
  /** Jinja chat template in place of the model's own. */
  readonly chatTemplate?: string | undefined;
};

/** The figures of a transformer that its memory need follows from, as in the model's `config.json`. */
export type ModelArchitecture = Model["architecture"];
/** The compiled shape: Neuron graphs are static, so each part of it is part of the artifact. */
export type ModelShape = Model["shape"];
/** Number format of the weights. */
export type WeightFormat = ModelShape["weightFormat"];
/** Where one kind of pod of a model runs and what it gets. */
export type ModelPlacement = Model["serving"];

/** What the gateway's names of models begin with. */
export const GATEWAY_MODEL_PREFIX = "vllm/";

/** The name under which the gateway offers a model. */
export function gatewayModelName(model: string): string {
  return `${GATEWAY_MODEL_PREFIX}${model}`;
}
