import { parseCpuMillis, parseMemoryGiB } from "../quantity";
import type { HostResources } from "./allocatable";

/** Requests of the device plugin's pod, which this program declares. */
export const DEVICE_PLUGIN_REQUESTS = { cpu: "50m", memory: "64Mi" } as const;

/**
 * Requests of the pods that run on every Neuron node.
 *
 * Sources: charts/aws-vpc-cni of aws/amazon-vpc-cni-k8s at b521883 (aws-node and its agent), charts/aws-ebs-csi-driver at 429e202
 * (three containers), charts/eks-node-monitoring-agent at 51af549. The charts of aws-efs-csi-driver (a4fc676) and
 * eks-pod-identity-agent (d4dc0f3) request nothing. kube-proxy's request is from memory of EKS's own manifest: not verified.
 */
const DAEMON_SETS: Readonly<Record<string, HostResources>> = {
  "neuron-device-plugin": {
    cpuMillis: parseCpuMillis(DEVICE_PLUGIN_REQUESTS.cpu),
    memoryMiB: parseMemoryGiB(DEVICE_PLUGIN_REQUESTS.memory) * 1024,
  },
  "aws-node": { cpuMillis: 50, memoryMiB: 0 },
  "kube-proxy": { cpuMillis: 100, memoryMiB: 0 },
  "ebs-csi-node": { cpuMillis: 30, memoryMiB: 120 },
  "eks-node-monitoring-agent": { cpuMillis: 10, memoryMiB: 30 },
};

/** All of them together. */
export const DAEMON_SET_REQUESTS: HostResources = Object.values(DAEMON_SETS).reduce(
  (sum, { cpuMillis, memoryMiB }) => ({
    cpuMillis: sum.cpuMillis + cpuMillis,
    memoryMiB: sum.memoryMiB + memoryMiB,
  }),
);
