import { z } from "zod";
import { optional, quantity, type Settings } from "./fields";

/** Exactly one of the targets is written: Kubernetes compares a metric with one value. */
function oneTarget(names: readonly string[]) {
  return {
    check: (metric: object) =>
      names.filter((name) => Reflect.get(metric, name) !== undefined).length === 1,
    message: `needs exactly one of ${names.join(" and ")}`,
  };
}

const averageUtilization = optional(
  z.number().int().min(1).max(100),
  "Target: mean use in percent of the requests",
  "averageValue is the target",
);
const averageOr = (other: string) =>
  optional(
    quantity,
    "Target: mean per pod, a quantity such as 3 or 500m",
    `${other} is the target`,
  );
const value = optional(
  quantity,
  "Target: the metric as it is, whatever the number of pods, a quantity",
  "averageValue is the target",
);
const metric = z.string().min(1).describe("Name of the metric in the metrics API");
const matchLabels = z
  .record(z.string(), z.string())
  .default({})
  .describe("Labels that choose among the series of the metric; none when empty");
const resource = z.enum(["cpu", "memory"]).describe("The resource that is measured");

const RESOURCE = oneTarget(["averageUtilization", "averageValue"]);
const VALUE = oneTarget(["averageValue", "value"]);

/** One thing that an autoscaler watches, as in `autoscaling/v2` `metrics`. */
export const signalSchema = z.discriminatedUnion("kind", [
  z
    .strictObject({
      kind: z.literal("resource").describe("resource: use of all containers of the pods"),
      resource,
      averageUtilization,
      averageValue: averageOr("averageUtilization"),
    })
    .refine(RESOURCE.check, RESOURCE.message),
  z
    .strictObject({
      kind: z.literal("containerResource").describe("containerResource: use of one container"),
      container: z.string().min(1).describe("Name of the container that is measured"),
      resource,
      averageUtilization,
      averageValue: averageOr("averageUtilization"),
    })
    .refine(RESOURCE.check, RESOURCE.message),
  z.strictObject({
    kind: z.literal("pods").describe("pods: a metric of each pod, from custom.metrics.k8s.io"),
    metric,
    matchLabels,
    averageValue: quantity.describe("Target: mean per pod, a quantity such as 3 or 500m"),
  }),
  z
    .strictObject({
      kind: z
        .literal("object")
        .describe("object: a metric of one object, from custom.metrics.k8s.io"),
      metric,
      matchLabels,
      object: z
        .strictObject({
          apiVersion: z.string().min(1).describe("API group and version of the object"),
          kind: z.string().min(1).describe("Kind of the object"),
          name: z.string().min(1).describe("Name of the object, in the workload's namespace"),
        })
        .describe("The object that the metric belongs to"),
      averageValue: averageOr("value"),
      value,
    })
    .refine(VALUE.check, VALUE.message),
  z
    .strictObject({
      kind: z
        .literal("external")
        .describe("external: a metric from outside the cluster, from external.metrics.k8s.io"),
      metric,
      matchLabels,
      averageValue: averageOr("value"),
      value,
    })
    .refine(VALUE.check, VALUE.message),
]);

/** One thing that an autoscaler watches. */
export type Signal = Settings<typeof signalSchema>;

/** Everything that an autoscaler watches: the utilizations that have settings of their own, then the list. */
export function signalsOf(settings: {
  readonly cpuUtilization: number | undefined;
  readonly memoryUtilization: number | undefined;
  readonly metrics: readonly Signal[];
}): readonly Signal[] {
  const utilization = (name: "cpu" | "memory", target: number | undefined): Signal[] =>
    target === undefined ? [] : [{ kind: "resource", resource: name, averageUtilization: target }];
  return [
    ...utilization("cpu", settings.cpuUtilization),
    ...utilization("memory", settings.memoryUtilization),
    ...settings.metrics,
  ];
}
