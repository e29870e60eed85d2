import { placeable, type PodKind } from "../../domain/neuron/packing";
import {
  NEURON_INSTANCE_TYPES,
  type NeuronInstanceTypeName,
} from "../../domain/neuron/instanceTypes";
import { parseCpuMillis, parseMemoryGiB } from "../../domain/quantity";
import type { ParsedConfig } from "../../domain/settings/schema";
import type { Rule } from "./rule";

type Model = ParsedConfig["models"][string];

/**
 * All replicas that the autoscalers may ask for can run at once. Nodes are filled one by one, for a replica cannot span two: with its
 * devices, CPU and memory, beside the pods that run on every node.
 */
export const replicasFitNodeGroups: Rule = (config) =>
  instanceTypes(config).flatMap((instanceType) => {
    const users = Object.entries(config.models).filter(
      ([, model]) => model.serving.instanceType === instanceType,
    );
    const nodes = nodesOf(config, instanceType);
    const models = users.map(([, model]) => model);
    // A replica that fits no node at all, or has no node group, is told elsewhere.
    if (nodes === 0 || models.some((model) => !fit([model], 1, instanceType, 1))) {
      return [];
    }
    if (fit(models, nodes, instanceType)) {
      return [];
    }
    const { devices } = NEURON_INSTANCE_TYPES[instanceType];
    const wanted = models.reduce((sum, model) => sum + devicesAtMost(model), 0);
    const needed = nodesNeeded(models, nodes, instanceType);
    const why =
      wanted > nodes * devices
        ? `the models on ${instanceType} may ask for ${wanted} Neuron devices, its node groups have ${nodes * devices}`
        : `${models.reduce((sum, model) => sum + model.autoscaling.maxReplicas, 0)} replicas cannot be placed on ${nodes} nodes of ${instanceType}, a replica on one node alone: ${offer(instanceType)}`;
    return users.map(([name, model]) => ({
      path: ["models", name, "autoscaling", "maxReplicas"],
      value: model.autoscaling.maxReplicas,
      message: `${why}; lower maxReplicas or raise maxSize of a node group of ${instanceType}, ${needed} nodes hold all`,
    }));
  });

function offer(instanceType: NeuronInstanceTypeName): string {
  const { devices, freeCpuMillis, freeMemoryMiB } = NEURON_INSTANCE_TYPES[instanceType];
  return `each has ${devices} devices, ${freeCpuMillis}m CPU and ${freeMemoryMiB}Mi memory for them`;
}

/** Whether the models' replicas fit on so many nodes. */
function fit(
  models: readonly Model[],
  nodes: number,
  instanceType: NeuronInstanceTypeName,
  replicas?: number,
): boolean {
  const { devices, freeCpuMillis, freeMemoryMiB } = NEURON_INSTANCE_TYPES[instanceType];
  const kinds = models.map((model): PodKind => {
    const { neuronDevices, resources } = model.serving;
    return {
      requests: [
        neuronDevices,
        parseCpuMillis(resources.requests.cpu),
        parseMemoryGiB(resources.requests.memory) * 1024,
      ],
      count: replicas ?? model.autoscaling.maxReplicas,
    };
  });
  return placeable(kinds, nodes, [devices, freeCpuMillis, freeMemoryMiB]);
}

/** The fewest nodes that hold every replica; one for each replica always does. */
function nodesNeeded(
  models: readonly Model[],
  tooFew: number,
  instanceType: NeuronInstanceTypeName,
): number {
  let [low, high] = [tooFew, models.reduce((sum, model) => sum + model.autoscaling.maxReplicas, 0)];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    [low, high] = fit(models, middle, instanceType) ? [low, middle] : [middle, high];
  }
  return high;
}

function nodesOf(config: ParsedConfig, instanceType: NeuronInstanceTypeName): number {
  return Object.values(config.neuron.nodeGroups)
    .filter((group) => group.instanceType === instanceType)
    .reduce((sum, group) => sum + group.maxSize, 0);
}

function instanceTypes(config: ParsedConfig): NeuronInstanceTypeName[] {
  return [...new Set(Object.values(config.models).map((model) => model.serving.instanceType))];
}

function devicesAtMost(model: Model): number {
  return model.autoscaling.maxReplicas * model.serving.neuronDevices;
}
