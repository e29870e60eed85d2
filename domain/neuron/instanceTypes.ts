/** What one Neuron instance type offers to pods. */
export interface NeuronInstanceType {
  /** Neuron devices (chips), resource `aws.amazon.com/neuron`. */
  readonly devices: number;
  /** NeuronCores over all devices, resource `aws.amazon.com/neuroncore`. */
  readonly cores: number;
  /** Device memory of one NeuronCore, GiB. */
  readonly memoryPerCoreGiB: number;
  /** CPU that pods can request, millicores. */
  readonly allocatableCpuMillis: number;
  /** Memory that pods can request, MiB. */
  readonly allocatableMemoryMiB: number;
}

export const NEURON_INSTANCE_TYPE_NAMES = [
  "inf2.xlarge",
  "inf2.8xlarge",
  "inf2.24xlarge",
  "inf2.48xlarge",
] as const;

export type NeuronInstanceTypeName = (typeof NEURON_INSTANCE_TYPE_NAMES)[number];

/**
 * Inf2 sizes. Devices, cores and device memory: AWS Neuron documentation, "Inf2 architecture". Allocatable CPU and
 * memory: Karpenter's instance type reference for its default kubelet reservation; another node image may differ slightly.
 */
export const NEURON_INSTANCE_TYPES: Readonly<Record<NeuronInstanceTypeName, NeuronInstanceType>> = {
  "inf2.xlarge": {
    devices: 1,
    cores: 2,
    memoryPerCoreGiB: 16,
    allocatableCpuMillis: 3920,
    allocatableMemoryMiB: 14162,
  },
  "inf2.8xlarge": {
    devices: 1,
    cores: 2,
    memoryPerCoreGiB: 16,
    allocatableCpuMillis: 31850,
    allocatableMemoryMiB: 118312,
  },
  "inf2.24xlarge": {
    devices: 6,
    cores: 12,
    memoryPerCoreGiB: 16,
    allocatableCpuMillis: 95690,
    allocatableMemoryMiB: 355262,
  },
  "inf2.48xlarge": {
    devices: 12,
    cores: 24,
    memoryPerCoreGiB: 16,
    allocatableCpuMillis: 191450,
    allocatableMemoryMiB: 718987,
  },
};
