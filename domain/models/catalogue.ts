import type { ModelInput } from "../settings/models";
import { isMap } from "../map";

/** A model that the platform knows how to serve: a stack that names it need not write any of this. */
export interface CatalogueEntry {
  /** What the configuration of the model starts from; what the stack writes is laid over it. */
  readonly settings: ModelInput;
  /**
   * Models to try, in order, when every replica of this one has failed. Those that the stack does not serve are left out.
   *
   * @default [] - requests fail with the model
   */
  readonly fallbacks?: readonly string[];
}

/** Models by the name that a stack gives to choose them. */
export type Catalogue = Readonly<Record<string, CatalogueEntry>>;

/**
 * The models that a stack can name without describing them. An entry is an offer: only {@link DEFAULT_MODELS} are served
 * unasked. Architecture: the `config.json` of each repository. Both quantise to one byte a weight so that a replica loads
 * within the 16 GiB host of an inf2.xlarge.
 *
 * Revisions: the commit under which the download caches and pins of public projects know `main` (`models--OWNER--NAME/snapshots/COMMIT`,
 * looked up in November 2026, ten projects and more each). The hub itself was not asked; the preflight asks it.
 */
export const MODEL_CATALOGUE: Catalogue = {
  "llama-3-1-8b-int8-neuron": {
    settings: {
      repository: "meta-llama/Llama-3.1-8B-Instruct",
      revision: "0e9e39f249a16976918f6564b8830bc894c89659",
      gated: true,
      architecture: { parametersBillions: 8.03, layers: 32, keyValueHeads: 8, headDimension: 128 },
      shape: { tensorParallelSize: 2, maxSequences: 4, maxModelLength: 8192, weightFormat: "int8" },
      toolCallParser: "llama3_json",
      chatTemplateFile: "domain/models/templates/llama-3.1-json-tools.jinja",
    },
    fallbacks: ["qwen3-8b-fp8-neuron"],
  },
  "qwen3-8b-fp8-neuron": {
    settings: {
      repository: "Qwen/Qwen3-8B",
      revision: "b968826d9c46dd6066d109eabc6255188de91218",
      architecture: { parametersBillions: 8.19, layers: 36, keyValueHeads: 8, headDimension: 128 },
      shape: {
        tensorParallelSize: 2,
        maxSequences: 4,
        maxModelLength: 4096,
        weightFormat: "f8e4m3",
      },
      toolCallParser: "hermes",
      reasoningParser: "qwen3",
    },
  },
};

/** The models that a stack serves which names none. */
export const DEFAULT_MODELS: readonly string[] = [
  "llama-3-1-8b-int8-neuron",
  "qwen3-8b-fp8-neuron",
];

/**
 * Lays a stack's model over the entry of the same name, field by field; lists replace lists. The entry's commit is one of the entry's
 * repository: with another repository the stack has to name its own.
 */
export function withCatalogue(catalogue: Catalogue, name: string, written: unknown): unknown {
  const entry = Object.hasOwn(catalogue, name) ? catalogue[name] : undefined;
  if (entry === undefined) {
    return written;
  }
  const { revision, ...rest } = entry.settings;
  const otherRepository =
    isMap(written) &&
    written.repository !== undefined &&
    written.repository !== entry.settings.repository;
  return overlay(otherRepository ? rest : { ...rest, revision }, written ?? {});
}

/** The fallbacks that the catalogue gives to the served models, among the served models. */
export function catalogueFallbacks(
  catalogue: Catalogue,
  served: readonly string[],
): Record<string, string[]> {
  return Object.fromEntries(
    served.flatMap((name) => {
      const entry = Object.hasOwn(catalogue, name) ? catalogue[name] : undefined;
      const others = (entry?.fallbacks ?? []).filter((other) => served.includes(other));
      return others.length === 0 ? [] : [[name, others] as const];
    }),
  );
}

function overlay(below: unknown, above: unknown): unknown {
  if (!isMap(below) || !isMap(above)) {
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
