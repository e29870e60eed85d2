import { allocatable, type HostSize } from "./allocatable";
import { DAEMON_SET_REQUESTS } from "./daemonSets";
import { FAMILY_FACTS, type NeuronFamily } from "./families";

/** What one Neuron instance type offers to pods. */
export interface NeuronInstanceType {
  /** What its devices have in common with those of other sizes. */
  readonly family: NeuronFamily;
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
  /** CPU that is left beside the pods that run on every node, millicores. */
  readonly freeCpuMillis: number;
  /** Memory that is left beside them, MiB. */
  readonly freeMemoryMiB: number;
}

export const NEURON_INSTANCE_TYPE_NAMES = [
  "inf2.xlarge",
  "inf2.8xlarge",
  "inf2.24xlarge",
  "inf2.48xlarge",
  "trn1.2xlarge",
  "trn1.32xlarge",
  "trn1n.32xlarge",
  "trn2.3xlarge",
  "trn2.48xlarge",
] as const;

export type NeuronInstanceTypeName = (typeof NEURON_INSTANCE_TYPE_NAMES)[number];

/**
 * Sources: `ec2 describe-instance-types` as the package moto 5.2.5 carries it (devices, vCPUs, memory), and the Inf2, Trn1 and Trn2 pages
 * of the AWS Neuron documentation, which agree; addresses and interfaces of the first network card as amazon-eks-ami at 81fec2e has
 * them in nodeadm/internal/kubelet/instance-info.jsonl. trn2u.48xlarge is left out: it is not sold on demand.
 */
export const NEURON_INSTANCE_TYPES: Readonly<Record<NeuronInstanceTypeName, NeuronInstanceType>> = {
  "inf2.xlarge": type("inf2", 1, { vcpus: 4, memoryGiB: 16, interfaces: 4, addresses: 15 }),
  "inf2.8xlarge": type("inf2", 1, { vcpus: 32, memoryGiB: 128, interfaces: 8, addresses: 30 }),
  "inf2.24xlarge": type("inf2", 6, { vcpus: 96, memoryGiB: 384, interfaces: 15, addresses: 50 }),
  "inf2.48xlarge": type("inf2", 12, { vcpus: 192, memoryGiB: 768, interfaces: 15, addresses: 50 }),
  "trn1.2xlarge": type("trn1", 1, { vcpus: 8, memoryGiB: 32, interfaces: 4, addresses: 15 }),
  "trn1.32xlarge": type("trn1", 16, { vcpus: 128, memoryGiB: 512, interfaces: 5, addresses: 50 }),
  "trn1n.32xlarge": type("trn1", 16, { vcpus: 128, memoryGiB: 512, interfaces: 5, addresses: 50 }),
  "trn2.3xlarge": type("trn2", 1, { vcpus: 12, memoryGiB: 128, interfaces: 2, addresses: 15 }),
  "trn2.48xlarge": type("trn2", 16, { vcpus: 192, memoryGiB: 2048, interfaces: 2, addresses: 50 }),
};

interface Hardware extends Pick<HostSize, "vcpus"> {
  readonly memoryGiB: number;
  readonly interfaces: number;
  readonly addresses: number;
}

function type(family: NeuronFamily, devices: number, hardware: Hardware): NeuronInstanceType {
  const { coresPerDevice, memoryPerCoreGiB } = FAMILY_FACTS[family];
  const { vcpus, memoryGiB, interfaces, addresses } = hardware;
  const host = allocatable({
    vcpus,
    memoryMiB: memoryGiB * 1024,
    pods: interfaces * (addresses - 1) + 2,
  });
  return {
    family,
    devices,
    cores: devices * coresPerDevice,
    memoryPerCoreGiB,
    allocatableCpuMillis: host.cpuMillis,
    allocatableMemoryMiB: host.memoryMiB,
    freeCpuMillis: host.cpuMillis - DAEMON_SET_REQUESTS.cpuMillis,
    freeMemoryMiB: host.memoryMiB - DAEMON_SET_REQUESTS.memoryMiB,
  };
}
