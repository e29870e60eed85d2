import { z } from "zod";
import { isQuantity } from "../quantity";

/** A Kubernetes quantity. */
export const quantity = z
  .string()
  .refine(isQuantity, "is no Kubernetes quantity; write for example 500m, 2 or 4Gi")
  .describe("Kubernetes quantity, for example 500m or 4Gi");

/** A name that may also be a DNS label. */
export const dnsLabel = z
  .string()
  .regex(
    /^[a-z]([-a-z0-9]*[a-z0-9])?$/,
    "must be lower-case letters, digits and dashes, starting with a letter",
  )
  .max(63);

/** An image with a tag or digest; a moving tag is refused. */
export const image = z
  .string()
  .regex(
    /^[\w.-]+(:\d+)?(\/[\w.-]+)+(:[\w][\w.-]*)?(@sha256:[0-9a-f]{64})?$/,
    "is no image reference; write registry/repository:tag",
  )
  .refine(
    (reference) => reference.includes("@sha256:") || !/(:latest|\/[^:]*)$/.test(reference),
    "is not pinned; write an exact version tag or a digest",
  )
  .describe("Image reference with an exact tag or a digest");

/** A block of IPv4 addresses. */
export const ipv4Block = z.cidrv4("is no IPv4 block; write for example 10.0.0.0/16");

export const percent = z.number().int().min(1).max(100);
export const seconds = z.number().int().min(0).max(3600);

/** Requests and limits of one container; both name CPU and memory, so that autoscaling and scheduling can rely on them. */
export function containerResources(defaults: {
  readonly requests: { readonly cpu: string; readonly memory: string };
  readonly limits: { readonly cpu: string; readonly memory: string };
}) {
  const amounts = (amount: { readonly cpu: string; readonly memory: string }) =>
    z
      .strictObject({
        cpu: quantity.default(amount.cpu),
        memory: quantity.default(amount.memory),
      })
      .prefault({});
  return z
    .strictObject({ requests: amounts(defaults.requests), limits: amounts(defaults.limits) })
    .prefault({});
}

const scalingPolicy = z.strictObject({
  type: z.enum(["Pods", "Percent"]),
  value: z.number().int().min(1),
  periodSeconds: z.number().int().min(1).max(1800),
});

type ScalingPolicy = z.infer<typeof scalingPolicy>;

function scalingRules(defaults: {
  readonly stabilizationWindowSeconds: number;
  readonly selectPolicy: "Max" | "Min" | "Disabled";
  readonly policies: readonly ScalingPolicy[];
}) {
  return z
    .strictObject({
      stabilizationWindowSeconds: seconds.default(defaults.stabilizationWindowSeconds),
      selectPolicy: z.enum(["Max", "Min", "Disabled"]).default(defaults.selectPolicy),
      policies: z
        .array(scalingPolicy)
        .min(1)
        .default(() => defaults.policies.map((policy) => ({ ...policy }))),
    })
    .prefault({});
}

/** Settings of a HorizontalPodAutoscaler; `null` for a metric turns it off. */
export function autoscaling(defaults: {
  readonly minReplicas: number;
  readonly maxReplicas: number;
  readonly cpuUtilization?: number | undefined;
  readonly memoryUtilization?: number | undefined;
  readonly scaleUp: Parameters<typeof scalingRules>[0];
  readonly scaleDown: Parameters<typeof scalingRules>[0];
}) {
  const metric = (value: number | undefined) =>
    percent
      .nullable()
      .default(value ?? null)
      .transform((target) => target ?? undefined);
  return z
    .strictObject({
      minReplicas: z.number().int().min(1).max(1000).default(defaults.minReplicas),
      maxReplicas: z.number().int().min(1).max(1000).default(defaults.maxReplicas),
      cpuUtilization: metric(defaults.cpuUtilization),
      memoryUtilization: metric(defaults.memoryUtilization),
      scaleUp: scalingRules(defaults.scaleUp),
      scaleDown: scalingRules(defaults.scaleDown),
    })
    .prefault({});
}
