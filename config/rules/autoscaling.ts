import { parseQuantity } from "../../domain/quantity";
import { requestScaling } from "../../domain/settings/requestScaling";
import type { ParsedConfig } from "../../domain/settings/schema";
import { signalsOf } from "../../domain/settings/signals";
import type { Rule } from "./rule";

export const boundsInOrder: Rule = (config) =>
  autoscalers(config).flatMap(({ path, settings }) => [
    ...(settings.minReplicas > settings.maxReplicas
      ? [
          {
            path: [...path, "minReplicas"],
            value: settings.minReplicas,
            message: `is more than maxReplicas ${settings.maxReplicas}; write a value up to ${settings.maxReplicas}`,
          },
        ]
      : []),
    ...(signalsOf(settings).length === 0 && requestScaling(config).requests === "off"
      ? [
          {
            path,
            message: "has no metric; set cpuUtilization or memoryUtilization, or list metrics",
          },
        ]
      : []),
    ...settings.metrics.flatMap((signal, index) =>
      signal.kind === "resource" && settings[`${signal.resource}Utilization`] !== undefined
        ? [
            {
              path: [...path, "metrics", index, "resource"],
              value: signal.resource,
              message: `is measured by ${signal.resource}Utilization already; leave it out here, or set ${signal.resource}Utilization: null`,
            },
          ]
        : [],
    ),
  ]);

export const requestsWithinLimits: Rule = (config) =>
  containers(config).flatMap(({ path, resources }) =>
    (["cpu", "memory"] as const).flatMap((resource) =>
      parseQuantity(resources.requests[resource]) > parseQuantity(resources.limits[resource])
        ? [
            {
              path: [...path, "requests", resource],
              value: resources.requests[resource],
              message: `is more than the limit ${resources.limits[resource]}; lower it or raise the limit`,
            },
          ]
        : [],
    ),
  );

function autoscalers(config: ParsedConfig) {
  return [
    { path: ["gateway", "autoscaling"], settings: config.gateway.autoscaling },
    ...Object.entries(config.models).map(([name, model]) => ({
      path: ["models", name, "autoscaling"],
      settings: model.autoscaling,
    })),
  ];
}

function containers(config: ParsedConfig) {
  const { gateway } = config;
  return [
    { path: ["gateway", "resources"], resources: gateway.resources },
    ...(["database", "redis"] as const).flatMap((name) => {
      const store = gateway[name];
      return store.kind === "inCluster"
        ? [{ path: ["gateway", name, "resources"], resources: store.resources }]
        : [];
    }),
    ...Object.entries(config.models).flatMap(([name, model]) =>
      (["serving", "compilation"] as const).map((role) => ({
        path: ["models", name, role, "resources"],
        resources: model[role].resources,
      })),
    ),
  ];
}
