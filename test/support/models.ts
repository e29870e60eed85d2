import type { Model } from "../../domain/models/model";
import { parsed } from "./config";

/** A served model of the default configuration, with changes. */
export function testModel(name: string, changes: Partial<Model> = {}): Model {
  const model = parsed().models[name];
  if (model === undefined) {
    throw new Error(`${name} is not served by default`);
  }
  return { name, ...model, ...changes };
}

export const LLAMA = "llama-3-1-8b-int8-neuron";
export const QWEN = "qwen3-8b-fp8-neuron";
