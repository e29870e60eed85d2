import type { V1Node } from "@kubernetes/client-node";
import { NEURON_INSTANCE_TYPES } from "../../domain/neuron/instanceTypes";
import { DEFAULT_NODE_GROUPS } from "../../domain/neuron/nodeGroups";
import { NEURON_CORE_RESOURCE, NEURON_RESOURCE } from "../../domain/neuron/resource";

/** A node whose name is set, as applying it needs. */
export type SimulatedNode = V1Node & { readonly metadata: { readonly name: string } };

const ZONES = ["us-west-2a", "us-west-2b", "us-west-2c"] as const;

const GENERAL_NODES = 3;

/** Every node of the embedded environment: general ones, one per zone, and all that the default Neuron node groups may have. */
export function simulatedNodes(): SimulatedNode[] {
  return [
    ...Array.from({ length: GENERAL_NODES }, (_, index) =>
      node(`general-${index}`, "m7i.2xlarge", index, { cpu: "8", memory: "32Gi" }),
    ),
    ...Object.values(DEFAULT_NODE_GROUPS).flatMap(({ instanceType, maxSize }) =>
      Array.from({ length: maxSize }, (_, index) => {
        const { allocatableCpuMillis, allocatableMemoryMiB, devices, cores } =
          NEURON_INSTANCE_TYPES[instanceType];
        const capacity = {
          cpu: `${allocatableCpuMillis}m`,
          memory: `${allocatableMemoryMiB}Mi`,
          [NEURON_RESOURCE]: String(devices),
          [NEURON_CORE_RESOURCE]: String(cores),
        };
        return node(`${instanceType.replace(".", "-")}-${index}`, instanceType, index, capacity, [
          { key: NEURON_RESOURCE, value: "true", effect: "NoSchedule" },
        ]);
      }),
    ),
  ];
}

function node(
  name: string,
  instanceType: string,
  index: number,
  capacity: Readonly<Record<string, string>>,
  taints: { key: string; value: string; effect: string }[] = [],
): SimulatedNode {
  const offered = { ...capacity, pods: "110", "ephemeral-storage": "150Gi" };
  return {
    apiVersion: "v1",
    kind: "Node",
    metadata: {
      name,
      annotations: {
        "kwok.x-k8s.io/node": "fake",
        // One KWOK process answers for all kubelets; metrics-server learns here where each node's metrics are.
        "metrics.k8s.io/resource-metrics-path": `/metrics/nodes/${name}/metrics/resource`,
      },
      labels: {
        "kubernetes.io/hostname": name,
        "kubernetes.io/os": "linux",
        "kubernetes.io/arch": "amd64",
        "node.kubernetes.io/instance-type": instanceType,
        "topology.kubernetes.io/region": "us-west-2",
        "topology.kubernetes.io/zone": ZONES[index % ZONES.length] ?? ZONES[0],
      },
    },
    spec: { taints },
    status: { capacity: offered, allocatable: offered },
  };
}
