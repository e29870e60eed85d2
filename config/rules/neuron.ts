import { NEURON_INSTANCE_TYPES } from "../../domain/neuron/instanceTypes";
import { incompatibilities } from "../../domain/neuron/compatibility";
import { isKnown } from "./cluster";
import { misfits } from "../../domain/models/memoryFit";
import { tokenPrice } from "../../domain/models/tokenPrice";
import type { ConfigProblem } from "./problems";
import type { Rule } from "./rule";

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

/** The image is one for all groups: what is wrong with it for a family is told once. */
export const pinsAreCompatible: Rule = (config) => {
  const { kubernetesVersion } = config.cluster;
  if (!isKnown(kubernetesVersion)) {
    return [];
  }
  const { image } = config.neuron;
  const problems = Object.entries(config.neuron.nodeGroups).flatMap(([name, group]) => {
    const { amiId, instanceType } = group;
    const amiRelease = amiId === undefined ? (group.amiRelease ?? "") : undefined;
    const { family } = NEURON_INSTANCE_TYPES[instanceType];
    return incompatibilities({ image, amiRelease, kubernetesVersion }, family).map(
      ({ pin, reason }): ConfigProblem => {
        switch (pin) {
          case "amiRelease":
            return {
              path: ["neuron", "nodeGroups", name, "amiRelease"],
              value: group.amiRelease,
              message: reason,
            };
          case "image":
            return { path: ["neuron", "image"], value: image, message: reason };
          case "kubernetesVersion":
            return {
              path: ["cluster", "kubernetesVersion"],
              value: kubernetesVersion,
              message: reason,
            };
          default:
            return pin satisfies never;
        }
      },
    );
  });
  const told = new Set<string>();
  return problems.filter(({ path, message }) => {
    const key = JSON.stringify([path, message]);
    const first = !told.has(key);
    told.add(key);
    return first;
  });
};

export const modelsFitTheirInstances: Rule = (config) =>
  Object.entries(config.models).flatMap(([name, model]) =>
    misfits(model).map(({ path, value, reason }) => ({
      path: ["models", name, ...path],
      value,
      message: reason,
    })),
  );

/** Without a price no budget of a key would ever bite. */
export const modelsHavePrices: Rule = (config) =>
  Object.entries(config.models).flatMap(([name, model]) =>
    tokenPrice(model) === undefined
      ? [
          {
            path: ["models", name, "price", "instanceHourUsd"],
            message: `is missing; no list price of ${model.serving.instanceType} is known: write what an hour of it costs in US dollars, or price.outputUsdPerMillionTokens`,
          },
        ]
      : [],
  );
