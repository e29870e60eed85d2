import { z } from "zod";
import type { Settings } from "./fields";
import { scalingRules, type RulesDefaults } from "./scalingRules";
import { signalSchema } from "./signals";

/** Defaults of one workload's autoscaler. */
export interface AutoscalingDefaults {
  /** Least replicas, pods. */
  readonly minReplicas: number;
  /**
   * Smallest value of `minReplicas`, pods: 0 where the workload may sleep.
   *
   * @default 1
   */
  readonly leastMinReplicas?: 0;
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
  return z.strictObject({
    minReplicas: z
      .number()
      .int()
      .min(defaults.leastMinReplicas ?? 1)
      .max(1000)
      .default(defaults.minReplicas)
      .describe(
        defaults.leastMinReplicas === 0
          ? "Least replicas, pods; 0, with autoscaling.requests: keda, lets the model sleep while nobody asks for it"
          : "Least replicas, pods",
      ),
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
  });
}

/** What an autoscaler does: bounds, targets and behaviour. */
export type AutoscalingSettings = Settings<ReturnType<typeof autoscaling>>;
