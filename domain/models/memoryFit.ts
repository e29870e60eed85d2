import { FAMILY_FACTS } from "../neuron/families";
import { NEURON_INSTANCE_TYPES } from "../neuron/instanceTypes";
import { parseCpuMillis, parseMemoryGiB } from "../quantity";
import type { Model, ModelArchitecture, ModelPlacement, ModelShape, WeightFormat } from "./model";

const GIB = 2 ** 30;

const BYTES_PER_WEIGHT: Readonly<Record<WeightFormat, number>> = { bf16: 2, int8: 1, f8e4m3: 1 };

/** The key-value cache stays in bf16: its quantisation needs compiler flags that are not verified for these models. */
const BYTES_PER_CACHE_VALUE = 2;

/**
 * Share of a core's memory left for activations, collectives and the compiled graph itself. An assumption to be replaced
 * by a measurement on Inf2.
 */
const CORE_HEADROOM = 0.15;

/** Host memory beside the checkpoint: Python, the vLLM server and the loader. An assumption, as above. */
const HOST_OVERHEAD_GIB = 2;

/** Memory that one replica needs, GiB. */
export interface MemoryNeed {
  /** Weights, per NeuronCore. */
  readonly weightsPerCoreGiB: number;
  /** Key-value cache for all sequences at full length, per NeuronCore. */
  readonly cachePerCoreGiB: number;
  /** Host memory while the weights are loaded. */
  readonly hostGiB: number;
  /** Host memory while the artifact is built: quantising reads the whole bf16 checkpoint. */
  readonly compilationHostGiB: number;
}

/** What a model of this architecture needs in this shape. */
export function memoryNeed(architecture: ModelArchitecture, shape: ModelShape): MemoryNeed {
  const weights = architecture.parametersBillions * 1e9;
  const weightsGiB = (weights * BYTES_PER_WEIGHT[shape.weightFormat]) / GIB;
  const cacheValuesPerHead = 2 * architecture.layers * architecture.headDimension;
  const tokens = shape.maxModelLength * shape.maxSequences;
  const bf16GiB = (weights * BYTES_PER_WEIGHT.bf16) / GIB;
  const quantised = shape.weightFormat !== "bf16";
  // Heads are not split: on more cores than heads each core has one (NxD Inference feature guide, key-value heads at tp_degree=32).
  const headsPerCore = Math.ceil(architecture.keyValueHeads / shape.tensorParallelSize);
  return {
    weightsPerCoreGiB: weightsGiB / shape.tensorParallelSize,
    cachePerCoreGiB: (cacheValuesPerHead * headsPerCore * BYTES_PER_CACHE_VALUE * tokens) / GIB,
    hostGiB: weightsGiB + HOST_OVERHEAD_GIB,
    compilationHostGiB: bf16GiB + (quantised ? weightsGiB : 0) + HOST_OVERHEAD_GIB,
  };
}

/** A setting of a model that does not fit its instance type, by its path inside {@link Model}. */
export interface Misfit {
  /** Path of the setting inside the model. */
  readonly path: readonly string[];
  /** What is written there. */
  readonly value: number | string;
  /** Why it does not fit and what to write instead. */
  readonly reason: string;
}

/** Everything about `model` that does not fit the instance types it is placed on. */
export function misfits(
  model: Pick<Model, "architecture" | "shape" | "serving" | "compilation">,
): Misfit[] {
  const { shape, serving, compilation } = model;
  const instance = NEURON_INSTANCE_TYPES[serving.instanceType];
  const coresPerDevice = instance.cores / instance.devices;
  const need = memoryNeed(model.architecture, shape);
  const found: Misfit[] = [];

  const cores = serving.neuronDevices * coresPerDevice;
  const { title, tensorParallelSizes } = FAMILY_FACTS[instance.family];
  if (!tensorParallelSizes.includes(shape.tensorParallelSize)) {
    found.push({
      path: ["shape", "tensorParallelSize"],
      value: shape.tensorParallelSize,
      reason: `is none of ${title}'s; write ${tensorParallelSizes.filter((size) => size <= cores).join(", ")}`,
    });
  } else if (shape.tensorParallelSize > cores) {
    found.push({
      path: ["shape", "tensorParallelSize"],
      value: shape.tensorParallelSize,
      reason: `needs ${shape.tensorParallelSize} NeuronCores, ${serving.neuronDevices} device(s) of ${serving.instanceType} have ${cores}; write up to ${cores}`,
    });
  }

  const perCore = need.weightsPerCoreGiB + need.cachePerCoreGiB;
  const usable = instance.memoryPerCoreGiB * (1 - CORE_HEADROOM);
  if (perCore > usable) {
    found.push({
      path: ["shape"],
      value: `${shape.maxSequences} sequences of ${shape.maxModelLength} tokens in ${shape.weightFormat}`,
      reason:
        `needs ${gib(perCore)} per NeuronCore (weights ${gib(need.weightsPerCoreGiB)}, key-value cache ${gib(need.cachePerCoreGiB)}), ` +
        `${serving.instanceType} leaves ${gib(usable)}; lower maxModelLength or maxSequences, quantise, or raise tensorParallelSize`,
    });
  }

  const compiler = NEURON_INSTANCE_TYPES[compilation.instanceType];
  if (compiler.family !== instance.family) {
    found.push({
      path: ["compilation", "instanceType"],
      value: compilation.instanceType,
      reason: `compiles for ${FAMILY_FACTS[compiler.family].title}, and ${serving.instanceType} serves; write an instance type of ${title}`,
    });
  }
  // The Job starts the whole engine once: vLLM compiles while it loads.
  const compilerCores = (compiler.cores / compiler.devices) * compilation.neuronDevices;
  if (shape.tensorParallelSize > compilerCores) {
    const enough = compiler.cores >= shape.tensorParallelSize;
    found.push({
      path: ["compilation", enough ? "neuronDevices" : "instanceType"],
      value: enough ? compilation.neuronDevices : compilation.instanceType,
      reason: `has ${compilerCores} NeuronCores for a graph over ${shape.tensorParallelSize}; write ${enough ? `${compiler.devices}` : `${serving.instanceType}, which serves`}`,
    });
  }

  found.push(
    ...hostMisfits("serving", serving, need.hostGiB, "loading the weights"),
    ...hostMisfits("compilation", compilation, need.compilationHostGiB, "building the artifact"),
  );
  return found;
}

function hostMisfits(
  role: "serving" | "compilation",
  placement: ModelPlacement,
  needGiB: number,
  purpose: string,
): Misfit[] {
  const found: Misfit[] = [];
  const instance = NEURON_INSTANCE_TYPES[placement.instanceType];
  const limit = placement.resources.limits.memory;
  if (parseMemoryGiB(limit) < needGiB) {
    found.push({
      path: [role, "resources", "limits", "memory"],
      value: limit,
      reason: `${purpose} needs about ${gib(needGiB)}; raise it, or choose a larger instance type or a quantised format`,
    });
  }
  // The device plugin hands out any free devices; the runtime takes connected ones alone.
  if (placement.neuronDevices > instance.devices) {
    found.push({
      path: [role, "neuronDevices"],
      value: placement.neuronDevices,
      reason: `${placement.instanceType} has ${instance.devices}; write ${instance.devices === 1 ? "1" : `1 or ${instance.devices}`}`,
    });
  } else if (placement.neuronDevices > 1 && placement.neuronDevices < instance.devices) {
    found.push({
      path: [role, "neuronDevices"],
      value: placement.neuronDevices,
      reason: `needs connected devices, which only Neuron's scheduler extension picks, and this program does not install it; write 1 or all ${instance.devices} of ${placement.instanceType}`,
    });
  }
  const request = placement.resources.requests.memory;
  const allocatableGiB = instance.freeMemoryMiB / 1024;
  if (parseMemoryGiB(request) > allocatableGiB) {
    found.push({
      path: [role, "resources", "requests", "memory"],
      value: request,
      reason: `${placement.instanceType} offers ${gib(allocatableGiB)} beside what runs on every node; write less or choose a larger instance type`,
    });
  }
  const cpu = placement.resources.requests.cpu;
  if (parseCpuMillis(cpu) > instance.freeCpuMillis) {
    found.push({
      path: [role, "resources", "requests", "cpu"],
      value: cpu,
      reason: `${placement.instanceType} offers ${instance.freeCpuMillis}m beside what runs on every node; write less or choose a larger instance type`,
    });
  }
  return found;
}

function gib(value: number): string {
  return `${value.toFixed(1)} GiB`;
}
