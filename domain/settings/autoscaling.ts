import { z } from "zod";
import type { Settings } from "./fields";
import { signalSchema } from "./signals";

const scalingPolicy = z.strictObject({
  type: z
    .enum(["Pods", "Percent"])
    .describe("Pods: value is a number of pods; Percent: a share of the present replicas"),
  value: z
    .number()
    .int()
    .min(1)
    .describe("Most change within a period, in pods or percent as type says"),
  periodSeconds: z.number().int().min(1).max(1800).describe("Length of the period, seconds"),
});

interface RulesDefaults {
  readonly stabilizationWindowSeconds: number;
  readonly selectPolicy: "Max" | "Min" | "Disabled";
  readonly policies: readonly Readonly<z.output<typeof scalingPolicy>>[];
}

function scalingRules(direction: "up" | "down", defaults: RulesDefaults) {
  const cautious = direction === "up" ? "smallest" : "largest";
  return z
    .strictObject({
      stabilizationWindowSeconds: z
        .number()
        .int()
        .min(0)
        .max(3600)
        .default(defaults.stabilizationWindowSeconds)
        .describe(
          `Seconds over which the ${cautious} recommendation counts when scaling ${direction}`,
        ),
      selectPolicy: z
        .enum(["Max", "Min", "Disabled"])
        .default(defaults.selectPolicy)
        .describe(
          `Which of the policies counts: Max the one that allows most change, Min least; Disabled never scales ${direction}`,
        ),
      policies: z
        .array(scalingPolicy)
        .min(1)
        .default(() => defaults.policies.map((policy) => ({ ...policy })))
        .describe(`How far replicas may move ${direction} within a period`),
    })
    .prefault({});
}

/** Defaults of one workload's autoscaler. */
export interface AutoscalingDefaults {
  /** Least replicas, pods. */
  readonly minReplicas: number;
  /** Most replicas, pods. */
  readonly maxReplicas: number;
  /**
   * Mean CPU use to keep, percent of the requests.
   *
   * @default - CPU does not count
   */
  readonly cpuUtilization?: number;
  /**
   * Mean memory use to keep, percent of the requests.
   *
   * @default - memory does not count
   */
  readonly memoryUtilization?: number;
  /** How fast replicas are added. */
  readonly scaleUp: RulesDefaults;
  /** How fast replicas are removed. */
  readonly scaleDown: RulesDefaults;
}

/** Settings of an autoscaler; `null` for a utilization turns it off. */
export function autoscaling(defaults: AutoscalingDefaults) {
  const utilization = (resource: string, value: number | undefined) =>
    z
      .number()
      .int()
      .min(1)
      .max(100)
      .nullable()
      .default(value ?? null)
      .transform((target) => target ?? undefined)
      .describe(
        `Mean ${resource} use to keep, in percent of the requests; null leaves ${resource} out of account`,
      );
  return z
    .strictObject({
      minReplicas: z
        .number()
        .int()
        .min(1)
        .max(1000)
        .default(defaults.minReplicas)
        .describe("Least replicas, pods"),
      maxReplicas: z
        .number()
        .int()
        .min(1)
        .max(1000)
        .default(defaults.maxReplicas)
        .describe("Most replicas, pods"),
      cpuUtilization: utilization("CPU", defaults.cpuUtilization),
      memoryUtilization: utilization("memory", defaults.memoryUtilization),
      metrics: z
        .array(signalSchema)
        .default([])
        .describe(
          "Metrics beside the utilizations above; the one that asks for most replicas counts",
        ),
      scaleUp: scalingRules("up", defaults.scaleUp),
      scaleDown: scalingRules("down", defaults.scaleDown),
    })
    .prefault({});
}

/** What an autoscaler does: bounds, targets and behaviour. */
export type AutoscalingSettings = Settings<ReturnType<typeof autoscaling>>;

/** One direction of scaling, as in `autoscaling/v2` `behavior`. */
export type ScalingRules = AutoscalingSettings["scaleUp"];
