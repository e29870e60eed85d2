import { stackConfig } from "./stackFile";

/** One edit of the deployed dev stack, and the resources that a preview of it must name, as `type name`. */
export interface Edit {
  /** The row of the table in docs/upgrade.md that speaks of it, as the first column has it. */
  readonly row: string;
  /** What is edited here, where the row speaks of more. */
  readonly edit: string;
  /** Settings that take the place of the stack's, by their keys. */
  readonly changes: Readonly<Record<string, unknown>>;
  readonly create?: readonly string[];
  readonly update?: readonly string[];
  readonly replace?: readonly string[];
  readonly remove?: readonly string[];
}

export const QWEN = "qwen3-8b-fp8-neuron";
export const LLAMA = "llama-3-1-8b-int8-neuron";
export const CLUSTER = "llm-gateway:cluster";
export const NEURON = "llm-gateway:neuron";
export const GATEWAY = "llm-gateway:gateway";
export const MODELS = "llm-gateway:models";

const DEV = stackConfig("dev");

/** A setting of the dev stack with `changes` laid over it, one level deep. */
export function withChanges(key: string, changes: object): Record<string, unknown> {
  return { [key]: { ...(DEV[key] as object), ...changes } };
}

/** The Neuron groups of the dev stack, the serving one with `changes`. */
export function servingGroup(changes: object): Record<string, unknown> {
  return withChanges(NEURON, {
    nodeGroups: {
      serving: { instanceType: "inf2.xlarge", maxSize: 2, ...changes },
      compilation: { instanceType: "inf2.8xlarge", maxSize: 1 },
    },
  });
}

const model = (changes: object) => ({ [MODELS]: { [QWEN]: changes } });
const gateway = (changes: object) => ({ [GATEWAY]: changes });
const network = (changes: object) => {
  const cluster = DEV[CLUSTER] as { readonly network: object };
  return withChanges(CLUSTER, { network: { ...cluster.network, ...changes } });
};

export const EDITS: readonly Edit[] = [
  { row: "`gateway.autoscaling`", edit: "the gateway may grow further", changes: gateway({ autoscaling: { maxReplicas: 12 } }) },
  { row: "`maxReplicas` of a model", edit: "a model may have fewer replicas", changes: model({ autoscaling: { maxReplicas: 1 } }) },
  { row: "`minReplicas` of a model", edit: "a model has two replicas at least", changes: model({ autoscaling: { minReplicas: 2 } }) },
  { row: "a model added", edit: "a model is added", changes: { [MODELS]: { [QWEN]: { autoscaling: { maxReplicas: 1 } }, [LLAMA]: { autoscaling: { maxReplicas: 1 } } } } },
  { row: "`gateway.image`", edit: "the gateway gets another image", changes: gateway({ image: "ghcr.io/berriai/litellm-non_root:v1.106.3" }) },
  { row: "`gateway.routing`", edit: "a longer time-out", changes: gateway({ routing: { cooldownSeconds: 45 } }) },
  { row: "`gateway.masterKeyGeneration`", edit: "the master key is replaced", changes: gateway({ masterKeyGeneration: 2 }) },
  { row: "`gateway.service.type`", edit: "no load balancer", changes: gateway({ service: { type: "ClusterIP" } }) },
  { row: "`gateway.service.tls`", edit: "a certificate", changes: gateway({ service: { tls: { certificateArn: "arn:aws:acm:us-west-2:123456789012:certificate/example", hostName: "llm.example.com" } } }) },
  { row: "`neuron.image`, a model's shape", edit: "another vLLM image", changes: withChanges(NEURON, { image: "public.ecr.aws/neuron/pytorch-inference-vllm-neuronx:0.13.0-neuronx-py312-sdk2.28.1-ubuntu24.04" }) },
  { row: "`neuron.image`, a model's shape", edit: "a shorter context", changes: model({ shape: { maxModelLength: 2048 } }) },
  { row: "`neuron.devicePlugin.image`", edit: "another device plugin", changes: withChanges(NEURON, { devicePlugin: { image: "public.ecr.aws/neuron/neuron-device-plugin:2.32.0.0" } }) },
  { row: "`minSize`, `maxSize` of a group", edit: "a Neuron group keeps a node", changes: servingGroup({ minSize: 1 }) },
  { row: "`minSize`, `maxSize` of a group", edit: "a Neuron group may grow further", changes: servingGroup({ maxSize: 4 }) },
  { row: "`minSize`, `maxSize` of a group", edit: "the system nodes may grow further", changes: withChanges(CLUSTER, { systemNodes: { maxSize: 6 } }) },
  { row: "`amiRelease` of a group", edit: "the system nodes move to another release", changes: withChanges(CLUSTER, { systemNodes: { amiRelease: "1.36.4-20260917" } }) },
  { row: "`diskGiB`, `capacityReservationId`, `amiId` of a group", edit: "a Neuron group gets larger disks", changes: servingGroup({ diskGiB: 200 }) },
  { row: "`diskGiB`, `capacityReservationId`, `amiId` of a group", edit: "a Neuron group comes from a reservation", changes: servingGroup({ capacityReservationId: "cr-0123456789abcdef0" }) },
  { row: "`diskGiB`, `capacityReservationId`, `amiId` of a group", edit: "a Neuron group gets an image of one's own", changes: servingGroup({ amiId: "ami-0123456789abcdef0" }) },
  { row: "`instanceType`, `capacity`, `zones` of a group", edit: "a Neuron group of larger instances, and the model with it", changes: { ...servingGroup({ instanceType: "inf2.24xlarge" }), ...model({ serving: { instanceType: "inf2.24xlarge" } }) } },
  { row: "`instanceType`, `capacity`, `zones` of a group", edit: "a Neuron group of spot instances", changes: servingGroup({ capacity: "spot" }) },
  { row: "`instanceType`, `capacity`, `zones` of a group", edit: "a Neuron group in one zone", changes: servingGroup({ zones: ["us-west-2b"] }) },
  { row: "`instanceType`, `capacity`, `zones` of a group", edit: "larger system nodes", changes: withChanges(CLUSTER, { systemNodes: { instanceType: "m7i.xlarge" } }) },
  { row: "`cluster.kubernetesVersion`", edit: "a minor version; the way back names the same resources as the way on, which EKS alone allows", changes: withChanges(CLUSTER, { kubernetesVersion: "1.35" }) },
  { row: "`cluster.supportType`", edit: "no extended support", changes: withChanges(CLUSTER, { supportType: "STANDARD" }) },
  { row: "`cluster.addonVersions`", edit: "another add-on version", changes: withChanges(CLUSTER, { addonVersions: { coredns: "v1.14.3-eksbuild.24" } }) },
  { row: "`cluster.chartVersions`, `chartValues`", edit: "values for a controller's chart", changes: withChanges(CLUSTER, { chartValues: { clusterAutoscaler: { extraArgs: { v: 5 } } } }) },
  { row: "`cluster.publicAccessCidrs`", edit: "another address may reach the API endpoint", changes: withChanges(CLUSTER, { publicAccessCidrs: ["203.0.113.0/24", "198.51.100.0/24"] }) },
  { row: "`cluster.deletionProtection`", edit: "the stack is protected", changes: withChanges(CLUSTER, { deletionProtection: true }) },
  { row: "`network.nat`", edit: "a NAT gateway in each zone", changes: network({ nat: "perZone" }) },
  { row: "`network.interfaceEndpoints`", edit: "an AWS service without the internet", changes: network({ interfaceEndpoints: ["autoscaling"] }) },
  { row: "`database.kind` or `redis.kind`", edit: "the cache becomes a managed one", changes: gateway({ redis: { kind: "managed" } }) },
  { row: "`database.kind` or `redis.kind`", edit: "the database becomes a managed one", changes: gateway({ database: { kind: "managed" } }) },
  { row: "zones reordered, removed; `network.cidr`", edit: "another block for the VPC", changes: network({ cidr: "10.11.0.0/16" }) },
];
