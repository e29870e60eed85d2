import { z } from "zod";
import { NEURON_INSTANCE_TYPE_NAMES } from "../neuron/instanceTypes";
import { MODEL_PRESETS } from "../models/catalogue";
import { clusterSchema } from "./cluster";
import { dnsLabel, image, quantity } from "./fields";
import { gatewaySchema } from "./gateway";
import { modelName, modelSchema } from "./models";

const nodeGroupSchema = z.strictObject({
  instanceType: z.enum(NEURON_INSTANCE_TYPE_NAMES),
  minSize: z.number().int().min(0).max(450).default(0).describe("Least nodes of the group"),
  maxSize: z.number().int().min(1).max(450).describe("Most nodes of the group"),
  amiRelease: z
    .string()
    .default("1.34.4-20260403")
    .describe("Release of the EKS AL2023 Neuron image that the nodes run"),
  diskGiB: z.number().int().min(50).max(16384).default(150).describe("Root volume of a node, GiB"),
  capacity: z.enum(["on-demand", "spot"]).default("on-demand"),
  capacityReservationId: z
    .string()
    .regex(/^cr-[0-9a-f]+$/, "is no capacity reservation; write cr-...")
    .optional()
    .describe("Capacity reservation that the nodes come from"),
  zones: z.array(z.string()).min(1).optional().describe("Zones of the group; all when left out"),
});

const neuronSchema = z
  .strictObject({
    image: image
      .default(
        "public.ecr.aws/neuron/pytorch-inference-vllm-neuronx:0.13.0-neuronx-py312-sdk2.28.0-ubuntu24.04",
      )
      .describe("vLLM image for Neuron; its SDK must match the node image"),
    devicePlugin: z
      .strictObject({
        enabled: z.boolean().default(true).describe("false where the cluster already runs it"),
        image: image.default("public.ecr.aws/neuron/neuron-device-plugin:2.31.0.0"),
      })
      .prefault({}),
    nodeGroups: z
      .record(dnsLabel, nodeGroupSchema)
      .refine((groups) => Object.keys(groups).length > 0, "is empty; name at least one node group")
      .prefault({
        serving: { instanceType: "inf2.xlarge", maxSize: 4 },
        compilation: { instanceType: "inf2.8xlarge", maxSize: 1 },
      })
      .describe("Neuron node groups by name: what the autoscalers' maxima must fit into"),
  })
  .prefault({});

function storageClass(defaults: {
  readonly name: string;
  readonly create: boolean;
  readonly provisioner: string;
  readonly parameters: Readonly<Record<string, string>>;
}) {
  return z
    .strictObject({
      name: dnsLabel.default(defaults.name),
      create: z
        .boolean()
        .default(defaults.create)
        .describe("false where the cluster already has a class of this name"),
      provisioner: z.string().min(1).default(defaults.provisioner).describe("CSI driver"),
      parameters: z.record(z.string(), z.string()).default({ ...defaults.parameters }),
    })
    .prefault({});
}

const storageSchema = z
  .strictObject({
    block: storageClass({
      name: "llm-gateway-block",
      create: true,
      provisioner: "ebs.csi.aws.com",
      parameters: { type: "gp3", encrypted: "true" },
    }).describe("ReadWriteOnce volumes of the gateway's stores"),
    shared: storageClass({
      name: "llm-gateway-shared",
      create: true,
      provisioner: "efs.csi.aws.com",
      parameters: {},
    }).describe("ReadWriteMany volume of the model artifacts"),
    artifacts: quantity.default("100Gi").describe("Size of the model artifact volume"),
  })
  .prefault({});

/** Every key of a stack's configuration. One definition serves validation, defaults, types and the editors' schema. */
export const configSchema = z.strictObject({
  cluster: clusterSchema,
  neuron: neuronSchema,
  storage: storageSchema,
  modelNamespace: dnsLabel.default("vllm").describe("Namespace of the model servers"),
  models: z
    .record(modelName, modelSchema)
    .refine((models) => Object.keys(models).length > 0, "is empty; name at least one model")
    .describe(`Models by name; presets: ${Object.keys(MODEL_PRESETS).join(", ")}`),
  gateway: gatewaySchema,
  huggingFaceToken: z
    .string()
    .min(1)
    .optional()
    .describe(
      "Token for gated repositories, as a secret: pulumi config set --secret huggingFaceToken",
    ),
});

/** The configuration after defaults. */
export type ParsedConfig = z.output<typeof configSchema>;
