import { NEURON_INSTANCE_TYPES } from "../../domain/neuron/instanceTypes";
import { incompatibilities } from "../../domain/neuron/compatibility";
import { misfits } from "../../domain/models/memoryFit";
import type { ConfigProblem } from "./problems";
import type { ParsedConfig } from "../../domain/settings/schema";
import type { Rule } from "./rule";

type Model = ParsedConfig["models"][string];

export const placementsHaveNodeGroups: Rule = (config) => {
  const offered = Object.values(config.neuron.nodeGroups).map((group) => group.instanceType);
  return Object.entries(config.models).flatMap(([name, model]) =>
    (["serving", "compilation"] as const).flatMap((role) => {
      const { instanceType } = model[role];
      return offered.includes(instanceType)
        ? []
        : [
            {
              path: ["models", name, role, "instanceType"],
              value: instanceType,
              message: `no node group has it; add one under neuron.nodeGroups or use ${[...new Set(offered)].join(", ")}`,
            },
          ];
    }),
  );
};

export const replicasFitNodeGroups: Rule = (config) => {
  const groups = Object.values(config.neuron.nodeGroups);
  return instanceTypes(config).flatMap((instanceType) => {
    const nodes = groups
      .filter((group) => group.instanceType === instanceType)
      .reduce((sum, group) => sum + group.maxSize, 0);
    const devices = nodes * NEURON_INSTANCE_TYPES[instanceType].devices;
    const users = Object.entries(config.models).filter(
      ([, model]) => model.serving.instanceType === instanceType,
    );
    const wanted = users.reduce((sum, [, model]) => sum + devicesAtMost(model), 0);
    if (wanted <= devices) {
      return [];
    }
    return users.map(([name, model]) => ({
      path: ["models", name, "autoscaling", "maxReplicas"],
      value: model.autoscaling.maxReplicas,
      message:
        `the models on ${instanceType} may ask for ${wanted} Neuron devices, its node groups have ${devices}` +
        `; lower maxReplicas or raise maxSize of a node group of ${instanceType}`,
    }));
  });
};

export const pinsAreCompatible: Rule = (config) =>
  Object.entries(config.neuron.nodeGroups).flatMap(([name, group], index) =>
    incompatibilities({
      image: config.neuron.image,
      amiRelease: group.amiRelease,
      kubernetesVersion: config.cluster.kubernetesVersion,
    }).flatMap(({ pin, reason }): ConfigProblem[] => {
      switch (pin) {
        case "amiRelease":
          return [
            {
              path: ["neuron", "nodeGroups", name, "amiRelease"],
              value: group.amiRelease,
              message: reason,
            },
          ];
        case "image":
          // The image is one for all groups: it is reported once.
          return index === 0
            ? [{ path: ["neuron", "image"], value: config.neuron.image, message: reason }]
            : [];
        case "kubernetesVersion":
          return [
            {
              path: ["cluster", "kubernetesVersion"],
              value: config.cluster.kubernetesVersion,
              message: reason,
            },
          ];
        default:
          return pin satisfies never;
      }
    }),
  );

export const modelsFitTheirInstances: Rule = (config) =>
  Object.entries(config.models).flatMap(([name, model]) =>
    misfits(model).map(({ path, value, reason }) => ({
      path: ["models", name, ...path],
      value,
      message: reason,
    })),
  );

function instanceTypes(config: ParsedConfig): Model["serving"]["instanceType"][] {
  return [...new Set(Object.values(config.models).map((model) => model.serving.instanceType))];
}

function devicesAtMost(model: Model): number {
  return model.autoscaling.maxReplicas * model.serving.neuronDevices;
}
