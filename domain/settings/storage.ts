import { z } from "zod";
import { dnsLabel, quantity, type Settings } from "./fields";

function storageClass(defaults: {
  readonly name: string;
  readonly provisioner: string;
  readonly parameters: Readonly<Record<string, string>>;
  /** What its volumes are, in the words of the reference. */
  readonly holds: string;
}) {
  return z
    .strictObject({
      name: dnsLabel().default(defaults.name).describe("Name of the StorageClass"),
      create: z
        .boolean()
        .default(true)
        .describe("Make the class; false where the cluster already has one of this name"),
      provisioner: z
        .string()
        .min(1)
        .default(defaults.provisioner)
        .describe("CSI driver of the class"),
      parameters: z
        .record(z.string(), z.string())
        .default({ ...defaults.parameters })
        .describe("Parameters of the class, as the CSI driver names them"),
      reclaimPolicy: z
        .enum(["Retain", "Delete"])
        .default("Retain")
        .describe(`What happens to ${defaults.holds} when the stack is destroyed: Retain keeps it`),
    })
    .prefault({});
}

/** A storage class that the platform's volumes use. */
export type StorageClassSettings = Settings<ReturnType<typeof storageClass>>;

export const storageSchema = z
  .strictObject({
    block: storageClass({
      name: "llm-gateway-block",
      provisioner: "ebs.csi.aws.com",
      parameters: { type: "gp3", encrypted: "true" },
      holds: "the volumes",
    }).describe("Class of the ReadWriteOnce volumes of the gateway's stores"),
    shared: storageClass({
      name: "llm-gateway-shared",
      provisioner: "efs.csi.aws.com",
      parameters: {},
      holds: "the artifacts, with the file system that the stack made,",
    }).describe("Class of the ReadWriteMany volume of the model artifacts"),
    artifacts: quantity
      .default("100Gi")
      .describe("Size of the model artifact volume, in bytes: 100Gi"),
  })
  .prefault({});
