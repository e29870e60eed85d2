import { z } from "zod";
import { distinct, optional, type Settings } from "./fields";

const texts = z.record(z.string(), z.string());

/** Kubernetes keeps one item of a name, or refuses the list. */
const NAMES = distinct<{ readonly name: string }>(({ name }) => name);

const toleration = z.strictObject({
  key: optional(z.string(), "Key of the taint", "every key, with operator Exists"),
  operator: optional(z.enum(["Exists", "Equal"]), "How the taint's value is compared", "Equal"),
  value: optional(z.string(), "Value of the taint, with operator Equal", "empty"),
  effect: optional(
    z.enum(["NoSchedule", "PreferNoSchedule", "NoExecute"]),
    "Effect of the taint",
    "every effect",
  ),
  tolerationSeconds: optional(
    z.number().int().min(0),
    "Seconds that a NoExecute taint is tolerated",
    "for ever",
  ),
});

const podOverrides = z
  .strictObject({
    labels: optional(texts, "Further labels of the pods", "none"),
    annotations: optional(texts, "Further annotations of the pods", "none"),
    nodeSelector: optional(texts, "Labels that a node must have", "none"),
    tolerations: optional(
      z.array(toleration),
      "Taints that the pods tolerate, beside the platform's own",
      "none",
    ),
    priorityClassName: optional(z.string(), "PriorityClass of the pods", "the cluster's default"),
    runtimeClassName: optional(z.string(), "RuntimeClass of the pods", "the cluster's default"),
    imagePullSecrets: optional(
      z
        .array(
          z.strictObject({
            name: z.string().min(1).describe("Name of a Secret in the pods' namespace"),
          }),
        )
        .superRefine(NAMES),
      "Secrets that images are pulled with",
      "none",
    ),
    hostAliases: optional(
      z
        .array(
          z.strictObject({
            ip: z.string().min(1).describe("IP address that the names stand for"),
            hostnames: z
              .array(z.string())
              .min(1)
              .superRefine(distinct())
              .describe("Host names for the pods' hosts file"),
          }),
        )
        .superRefine(distinct(({ ip }) => ip)),
      "Entries of the pods' hosts file",
      "none",
    ),
    volumes: optional(
      z
        .array(z.looseObject({ name: z.string().min(1).describe("Name of the volume") }))
        .superRefine(NAMES),
      "Further volumes, each with its source as Kubernetes writes it",
      "none",
    ),
  })
  .prefault({});

const containerFields = {
  env: optional(
    z
      .array(
        z.looseObject({ name: z.string().min(1).describe("Name of the environment variable") }),
      )
      .superRefine(NAMES),
    "Environment variables, with value or valueFrom; one of the same name replaces the platform's",
    "none",
  ),
  volumeMounts: optional(
    z
      .array(
        z.strictObject({
          name: z.string().min(1).describe("Name of a volume of podOverrides"),
          mountPath: z.string().startsWith("/").describe("Folder that it is mounted in, absolute"),
          subPath: optional(z.string(), "Path inside the volume", "its root"),
          readOnly: z.boolean().default(false).describe("Whether the mount refuses writes"),
        }),
      )
      .superRefine(distinct(({ mountPath }) => mountPath)),
    "Further mounts of volumes",
    "none",
  ),
};

const containerOverrides = z.strictObject(containerFields).prefault({});

const servedContainerOverrides = z
  .strictObject({
    ...containerFields,
    args: optional(
      z.array(z.string()),
      "Further arguments of the process, behind the platform's; write --name=value",
      "none",
    ),
  })
  .prefault({});

/** Overrides of pods that run a process with arguments. */
export const servedOverrides = { podOverrides, containerOverrides: servedContainerOverrides };
/** Overrides of pods whose process takes no arguments. */
export const plainOverrides = { podOverrides, containerOverrides };

/** What a stack adds to the pods of a workload, and to their container. */
export interface Overrides {
  /** Labels, annotations and fields of the pod's spec. */
  readonly podOverrides: Settings<typeof podOverrides>;
  /** Fields of the workload's one container. */
  readonly containerOverrides: Settings<
    typeof containerOverrides | typeof servedContainerOverrides
  >;
}
