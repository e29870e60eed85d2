import { z } from "zod";
import { DEFAULT_NAMESPACES } from "../names";
import { clusterSchema } from "./cluster";
import { dnsLabel, optional, type Settings } from "./fields";
import { gatewaySchema } from "./gateway";
import { modelName, modelSchema } from "./models";
import { neuronSchema } from "./neuron";
import { requestScalingSchema } from "./requestScaling";
import { storageSchema } from "./storage";

/** Every key of a stack's configuration. One definition serves validation, defaults, types and the editors' schema. */
export const configSchema = z.strictObject({
  cluster: clusterSchema,
  neuron: neuronSchema,
  storage: storageSchema,
  modelNamespace: dnsLabel()
    .default(DEFAULT_NAMESPACES.models)
    .describe("Namespace of the model servers"),
  models: z
    .record(modelName, modelSchema)
    .refine((models) => Object.keys(models).length > 0, "is empty; name at least one model")
    .describe("Models that the platform serves, by name"),
  gateway: gatewaySchema,
  autoscaling: requestScalingSchema,
  huggingFaceToken: optional(
    z.string().min(1),
    "Token for gated repositories, as a secret: pulumi config set --secret huggingFaceToken",
    "none: only models of open repositories can be served",
  ),
});

/** The configuration after defaults. */
export type ParsedConfig = Settings<typeof configSchema>;
