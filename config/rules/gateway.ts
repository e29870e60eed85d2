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
