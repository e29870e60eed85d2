/** CPU and memory. */
export interface HostResources {
  /** Millicores. */
  readonly cpuMillis: number;
  /** MiB. */
  readonly memoryMiB: number;
}

/** What a node is before anything is set aside. */
export interface HostSize {
  /** vCPUs. */
  readonly vcpus: number;
  /** Memory as EC2 states it, MiB. */
  readonly memoryMiB: number;
  /** Most pods: addresses of the first network card's interfaces, less one each, and two. */
  readonly pods: number;
}

/** Share of an instance's memory that its operating system does not see: what Karpenter reckons with (`VM_MEMORY_OVERHEAD_PERCENT`). */
const VM_OVERHEAD = 0.075;

/** Memory at which the kubelet evicts, MiB. */
const EVICTION_MIB = 100;

/** Parts of a core that EKS's AL2023 image keeps back, per millicore of the range up to `until`. */
const CPU_RESERVATION: readonly { readonly until: number; readonly share: number }[] = [
  { until: 1000, share: 0.06 },
  { until: 2000, share: 0.01 },
  { until: 4000, share: 0.005 },
  { until: Infinity, share: 0.0025 },
];

/**
 * What pods can request on a node of EKS's AL2023 image: its size without what the kubelet sets aside.
 *
 * Sources: amazon-eks-ami at 81fec2e, nodeadm/internal/kubelet/config.go (11 MiB a pod and 255, the CPU ranges, eviction at 100 MiB).
 * Karpenter's instance type reference has the same figures, and a test compares them. A custom image may reserve otherwise.
 */
export function allocatable({ vcpus, memoryMiB, pods }: HostSize): HostResources {
  const total = vcpus * 1000;
  const reserved = CPU_RESERVATION.reduce(
    ({ from, sum }, { until, share }) => ({
      from: until,
      sum: sum + Math.max(0, Math.min(total, until) - from) * share,
    }),
    { from: 0, sum: 0 },
  ).sum;
  return {
    cpuMillis: Math.round(total - reserved),
    memoryMiB: Math.floor(memoryMiB * (1 - VM_OVERHEAD) - (11 * pods + 255) - EVICTION_MIB),
  };
}
