import { z } from "zod";
import type { Settings } from "./fields";

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

/** Defaults of one direction of scaling. */
export interface RulesDefaults {
  /** Seconds over which the most cautious recommendation counts. */
  readonly stabilizationWindowSeconds: number;
  /** Which of the policies counts. */
  readonly selectPolicy: "Max" | "Min" | "Disabled";
  /** How far replicas may move within a period. */
  readonly policies: readonly Readonly<z.output<typeof scalingPolicy>>[];
}

/** One direction of scaling, as in `autoscaling/v2` `behavior`. */
export function scalingRules(direction: "up" | "down", defaults: RulesDefaults) {
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

/** One direction of scaling, as in `autoscaling/v2` `behavior`. */
export type ScalingRules = Settings<ReturnType<typeof scalingRules>>;
