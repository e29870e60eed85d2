import { z } from "zod";
import { NEURON_INSTANCE_TYPE_NAMES } from "../neuron/instanceTypes";
import { DEFAULT_NODE_GROUPS } from "../neuron/nodeGroups";
import {
  DEFAULT_AMI_RELEASE,
  distinct,
  dnsLabel,
  image,
  nodeGroupFields,
  optional,
  type Settings,
} from "./fields";

/** Nodes of one EKS managed node group at most. Source: Amazon EKS User Guide, "Service quotas". */
const MOST_NODES = 450;

const { diskGiB } = nodeGroupFields({
  image: "EKS AL2023 Neuron image",
  disk: { least: 50, usual: 150 },
});

const nodeGroup = z.strictObject({
  instanceType: z.enum(NEURON_INSTANCE_TYPE_NAMES).describe("EC2 instance type of the nodes"),
  minSize: z
    .number()
    .int()
    .min(0)
    .max(MOST_NODES)
    .default(0)
    .describe("Least nodes of the group; 0 costs nothing while no model runs"),
  maxSize: z.number().int().min(1).max(MOST_NODES).describe("Most nodes of the group"),
  amiRelease: optional(
    z.string(),
    "Release of the EKS AL2023 Neuron image that the nodes run, <Kubernetes version>-<date>",
    `${DEFAULT_AMI_RELEASE}; for another kubernetesVersion or image another; none with amiId`,
  ),
  amiId: optional(
    z
      .string()
      .regex(/^ami-([0-9a-f]{8}|[0-9a-f]{17})$/, "is no image id; write ami- and 17 hex digits"),
    "Image of your own for the nodes, ami-..., AL2023 with nodeadm and the Neuron driver; its updates are then yours (docs/upgrade.md)",
    "the EKS image of amiRelease",
  ),
  diskGiB,
  capacity: z
    .enum(["on-demand", "spot"])
    .default("on-demand")
    .describe("How the instances are paid for; spot ones can be taken away at two minutes' notice"),
  capacityReservationId: optional(
    z.string().regex(/^cr-[0-9a-f]+$/, "is no capacity reservation; write cr-..."),
    "Capacity reservation that the nodes must come from, cr-...",
    "none",
  ),
  headroom: z
    .number()
    .int()
    .min(0)
    .max(MOST_NODES)
    .default(0)
    .describe(
      "Nodes kept ready, with the image of the model servers, beyond those that replicas use: a new replica then waits for no node; each costs its hour",
    ),
  zones: optional(
    z.array(z.string()).min(1).superRefine(distinct()),
    "Availability zones of the group: Neuron instances are not offered in every zone",
    "all zones of the network",
  ),
});

/** One group of Neuron nodes. */
export type NeuronNodeGroup = Settings<typeof nodeGroup>;

export const neuronSchema = z
  .strictObject({
    image: image
      .default(
        "public.ecr.aws/neuron/pytorch-inference-vllm-neuronx:0.13.0-neuronx-py312-sdk2.28.0-ubuntu24.04",
      )
      .describe("vLLM image for Neuron, pinned; its SDK must match the node image"),
    devicePlugin: z
      .strictObject({
        enabled: z
          .boolean()
          .default(true)
          .describe("Install the Neuron device plugin; false where the cluster already runs it"),
        image: image
          .default("public.ecr.aws/neuron/neuron-device-plugin:2.31.0.0")
          .describe("Image of the Neuron device plugin, pinned"),
      })
      .prefault({}),
    nodeGroups: z
      .record(dnsLabel(), nodeGroup)
      .refine((groups) => Object.keys(groups).length > 0, "is empty; name at least one node group")
      .prefault(DEFAULT_NODE_GROUPS)
      .describe("Neuron node groups by name: what the autoscalers' maxima must fit into"),
  })
  .prefault({});
