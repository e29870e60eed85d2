import { z } from "zod";
import { cronProblem } from "../cron";
import { judgedBy, optional, type Settings } from "./fields";
import { scalingRules, type RulesDefaults } from "./scalingRules";

/** Evaluated on public traces: docs/scaling.md. */
const UP: RulesDefaults = {
  stabilizationWindowSeconds: 0,
  selectPolicy: "Max",
  policies: [{ type: "Percent", value: 100, periodSeconds: 15 }],
};
const DOWN: RulesDefaults = {
  stabilizationWindowSeconds: 180,
  selectPolicy: "Max",
  policies: [{ type: "Pods", value: 1, periodSeconds: 120 }],
};

const cron = (what: string) =>
  z
    .string()
    .superRefine(judgedBy(cronProblem))
    .describe(
      `${what}: minute, hour, day of month, month, day of week, as cron knows them: 0 7 * * 1-5`,
    );

const scheduled = z
  .strictObject({
    timezone: z
      .string()
      .refine(isTimeZone, "is no time zone; write one of the IANA database, such as Europe/Berlin")
      .describe("Time zone of start and end, a name of the IANA database such as Europe/Berlin"),
    start: cron("From when on"),
    end: cron("Until when"),
    replicas: z
      .number()
      .int()
      .min(1)
      .max(1000)
      .describe(
        "Least replicas in that time, pods, within the autoscaler's tolerance of a tenth: of more than ten one may be missing",
      ),
  })
  .refine(({ start, end }) => start !== end, {
    path: ["end"],
    message: "is the start as well; write a later time",
  });

/** How a model scales on its requests, where KEDA reads them. */
export const modelRequestsSchema = z
  .strictObject({
    slotUtilization: z
      .number()
      .int()
      .min(1)
      .max(100)
      .default(90)
      .describe(
        "Use of the slots to keep, percent: requests that run or wait, over shape.maxSequences of each replica",
      ),
    scaleUp: scalingRules("up", UP),
    scaleDown: scalingRules("down", DOWN),
    idleSeconds: z
      .number()
      .int()
      .min(60)
      .max(604_800)
      .default(900)
      .describe("With minReplicas 0: seconds without a request after which the model falls asleep"),
    pollingSeconds: z
      .number()
      .int()
      .min(1)
      .max(20)
      .default(5)
      .describe(
        "Seconds between two looks whether a sleeping model is wanted; replicas beyond the first follow the cluster's own rounds of 15 s",
      ),
    fallbackReplicas: optional(
      z.number().int().min(1).max(1000),
      "Least replicas while the requests cannot be read; those that run stay",
      "minReplicas, at least 1",
    ),
    schedule: z
      .array(scheduled)
      .default([])
      .describe("More replicas at certain times, before the requests come that need them"),
  })
  .prefault({});

/** How a model scales on its requests. */
export type ModelRequestsSettings = Settings<typeof modelRequestsSchema>;

/** How the gateway scales on its requests, where KEDA reads them. */
export const gatewayRequestsSchema = z
  .strictObject({
    inFlightPerPod: optional(
      z.number().int().min(1).max(10_000),
      "Requests in flight that each pod is to have, beside cpuUtilization",
      "what makes a full house, every slot and the whole queue, ask for twice minReplicas; 50 at most",
    ),
  })
  .prefault({});

/** How the gateway scales on its requests. */
export type GatewayRequestsSettings = Settings<typeof gatewayRequestsSchema>;

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return true;
  } catch {
    // It throws a RangeError for every name that it does not know, and for nothing else here.
    return false;
  }
}
