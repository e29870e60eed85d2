import { idleReplicas, MEMORY_AT_REST_MIB } from "../../domain/models/gatewayMemory";
import type { GatewaySettings } from "../../domain/settings/gateway";
import type { ParsedConfig } from "../../domain/settings/schema";
import { suggestion, type ConfigProblem } from "./problems";
import type { Rule } from "./rule";

export const fallbacksNameModels: Rule = (config) => {
  const names = Object.keys(config.models);
  return Object.entries(config.gateway.routing.fallbacks ?? {}).flatMap(([from, to]) => {
    const path = ["gateway", "routing", "fallbacks", from];
    return [from, ...to].flatMap((name, index): ConfigProblem[] => {
      if (!names.includes(name)) {
        return [
          { path, value: name, message: `is not a served model; ${suggestion(name, names)}` },
        ];
      }
      return index > 0 && name === from
        ? [{ path, value: name, message: "falls back to itself; name another model" }]
        : [];
    });
  });
};

/**
 * Share of a model's context below which a fallback takes few of the prompts that the model is chosen for: a choice. A smaller context alone is
 * no mistake, for short prompts find their answer; those without room get a 503.
 */
const LEAST_CONTEXT_SHARE = 1 / 4;

/** What a preview says of fallbacks that most prompts of the model at the key may have no room in. */
export function contextWarnings(
  models: ParsedConfig["models"],
  fallbacks: Readonly<Record<string, readonly string[]>>,
): string[] {
  const contextOf = (name: string) => models[name]?.shape.maxModelLength ?? 0;
  return Object.entries(fallbacks).flatMap(([from, to]) =>
    to
      .filter((name) => contextOf(name) < contextOf(from) * LEAST_CONTEXT_SHARE)
      .map(
        (name) =>
          `gateway.routing.fallbacks.${from}: ${name} has a context of ${contextOf(name)} tokens, less than a quarter of the ${contextOf(from)} of ${from}; longer prompts get a 503 while it is out of order`,
      ),
  );
}

/** What a preview says of a memory target that idle pods do not come down from. */
export function memoryWarning(
  gateway: Pick<GatewaySettings, "autoscaling" | "resources">,
): string | undefined {
  const { minReplicas, maxReplicas, memoryUtilization } = gateway.autoscaling;
  const kept = idleReplicas(gateway);
  return kept > minReplicas
    ? `gateway.autoscaling.memoryUtilization: ${memoryUtilization} % of ${gateway.resources.requests.memory} is too little for the ${MEMORY_AT_REST_MIB} MiB that a pod has at rest: of ${maxReplicas} idle pods ${kept} stay, and ${minReplicas} would do; raise gateway.resources.requests.memory to 2Gi, or write null`
    : undefined;
}

export const gatedModelsHaveToken: Rule = (config) => {
  const gated = Object.entries(config.models)
    .filter(([, model]) => model.gated)
    .map(([name]) => name);
  return gated.length > 0 && config.huggingFaceToken === undefined
    ? [
        {
          path: ["huggingFaceToken"],
          message: `is missing; ${gated.join(", ")} downloads from a gated repository: accept its licence, then run pulumi config set --secret huggingFaceToken hf_...`,
        },
      ]
    : [];
};

export const namespacesDiffer: Rule = (config) =>
  config.modelNamespace === config.gateway.namespace
    ? [
        {
          path: ["modelNamespace"],
          value: config.modelNamespace,
          message:
            "is also the gateway's namespace, which enforces restricted Pod Security; write another name",
        },
      ]
    : [];
