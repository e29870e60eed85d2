/** Families of instances with Neuron devices. `trn1n` instances are Trn1 ones with more network. */
export const NEURON_FAMILIES = ["inf2", "trn1", "trn2"] as const;

export type NeuronFamily = (typeof NEURON_FAMILIES)[number];

/** What the devices of a family have in common. */
export interface FamilyFacts {
  /** As AWS writes it. */
  readonly title: string;
  /**
   * NeuronCores of one device, as the runtime counts them by default: on Trn2 logical ones, each two of the hardware's. Which of them the
   * device plugin advertises was not seen; no pod here requests cores.
   */
  readonly coresPerDevice: number;
  /** Device memory of one such core, GiB. */
  readonly memoryPerCoreGiB: number;
  /** Cores that one model can spread over. */
  readonly tensorParallelSizes: readonly number[];
}

/**
 * Sources, all at aws-neuron-sdk 81ce03a: NxD Inference feature guide, "Tensor-parallelism support", for memory per core and degrees;
 * deploy/eks/prerequisites.rst for Trn2's default of two hardware cores to a logical one (LNC 2).
 */
export const FAMILY_FACTS: Readonly<Record<NeuronFamily, FamilyFacts>> = {
  inf2: {
    title: "Inf2",
    coresPerDevice: 2,
    memoryPerCoreGiB: 16,
    tensorParallelSizes: [1, 2, 4, 8, 24],
  },
  trn1: {
    title: "Trn1",
    coresPerDevice: 2,
    memoryPerCoreGiB: 16,
    tensorParallelSizes: [1, 2, 8, 16, 32],
  },
  trn2: {
    title: "Trn2",
    coresPerDevice: 4,
    memoryPerCoreGiB: 24,
    tensorParallelSizes: [1, 2, 4, 8, 16, 32, 64],
  },
};

/** Cores that a model can spread over on some family. */
export const TENSOR_PARALLEL_SIZES: readonly number[] = [
  ...new Set(Object.values(FAMILY_FACTS).flatMap((facts) => facts.tensorParallelSizes)),
].sort((left, right) => left - right);
