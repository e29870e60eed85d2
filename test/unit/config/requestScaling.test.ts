import { describe, expect, test } from "vitest";
import { problemLines } from "../../support/config";
import { LLAMA } from "../../support/models";

const model = (changes: Readonly<Record<string, unknown>>) => ({ models: { [LLAMA]: changes } });
const scaled = (changes: object) => ({ autoscaling: { requests: "keda" }, ...changes });
const scaledModel = (autoscaling: object) => scaled(model({ autoscaling }));

const CASES = [
  {
    rule: "a model sleeps only where somebody wakes it",
    caught: model({ autoscaling: { minReplicas: 0 } }),
    message: /autoscaling\.minReplicas = 0: needs KEDA, which wakes the model; write 1, or/,
    fine: scaledModel({ minReplicas: 0 }),
  },
  {
    rule: "the gateway does not sleep",
    caught: scaled({ gateway: { autoscaling: { minReplicas: 0 } } }),
    message: /gateway\.autoscaling\.minReplicas = 0/,
    fine: scaled({ gateway: { autoscaling: { minReplicas: 1 } } }),
  },
  {
    rule: "with KEDA the gateway measures what a ScaledObject can say",
    caught: scaled({
      gateway: {
        autoscaling: { metrics: [{ kind: "external", metric: "x", averageValue: "1" }] },
      },
    }),
    message: /gateway\.autoscaling\.metrics\.0\.kind = "external": is no metric of a ScaledObject/,
    fine: scaled({
      gateway: {
        autoscaling: {
          metrics: [
            {
              kind: "containerResource",
              container: "litellm",
              resource: "cpu",
              averageUtilization: 50,
            },
          ],
        },
      },
    }),
  },
  {
    rule: "with KEDA a model scales on its slots",
    caught: scaledModel({ metrics: [{ kind: "resource", resource: "cpu", averageValue: "1" }] }),
    message: /autoscaling\.metrics: would not count: with autoscaling\.requests: keda a model/,
    fine: scaledModel({ cpuUtilization: null }),
  },
  {
    rule: "requests in flight can exceed their target",
    caught: scaled({ gateway: { autoscaling: { requests: { inFlightPerPod: 16 } } } }),
    message:
      /requests\.inFlightPerPod = 16: is never exceeded by a tenth.* hold 32 requests, on 2 pods at least; write 14 at most/,
    fine: scaled({ gateway: { autoscaling: { requests: { inFlightPerPod: 14 } } } }),
  },
  {
    rule: "slots and queue can exceed their target",
    caught: scaled({
      ...model({ autoscaling: { requests: { slotUtilization: 99 } } }),
      gateway: { routing: { admission: { queuePerPlace: 0.05 } } },
    }),
    message: /requests\.slotUtilization = 99: is never exceeded by a tenth.* write 95 at most/,
    fine: scaled({
      ...model({ autoscaling: { requests: { slotUtilization: 95 } } }),
      gateway: { routing: { admission: { queuePerPlace: 0.05 } } },
    }),
  },
  {
    rule: "without a bound of the queues every target can be exceeded",
    caught: scaled({
      gateway: {
        autoscaling: { requests: { inFlightPerPod: 500 } },
        routing: { admission: { queuePerPlace: 2 } },
      },
    }),
    message: /inFlightPerPod = 500: is never exceeded/,
    fine: scaled({
      gateway: {
        autoscaling: { requests: { inFlightPerPod: 500 } },
        routing: { admission: { enabled: false } },
      },
    }),
  },
  {
    rule: "a schedule asks for replicas that may be",
    caught: scaledModel({
      requests: {
        schedule: [
          { timezone: "Europe/Berlin", start: "0 7 * * *", end: "0 9 * * *", replicas: 3 },
        ],
      },
    }),
    message: /requests\.schedule\.0\.replicas = 3: is more than maxReplicas 2/,
    fine: scaledModel({
      requests: {
        schedule: [
          { timezone: "Europe/Berlin", start: "0 7 * * 1-5", end: "30 9 * * MON-FRI", replicas: 2 },
        ],
      },
    }),
  },
  {
    rule: "a schedule is in a time zone that there is",
    caught: scaledModel({
      requests: {
        schedule: [{ timezone: "Berlin", start: "0 7 * * *", end: "0 9 * * *", replicas: 2 }],
      },
    }),
    message: /schedule\.0\.timezone = "Berlin": is no time zone; write one of the IANA database/,
    fine: scaledModel({
      requests: {
        schedule: [{ timezone: "UTC", start: "0 7 * * *", end: "0 9 * * *", replicas: 2 }],
      },
    }),
  },
  {
    rule: "a schedule is one",
    caught: scaledModel({
      requests: {
        schedule: [{ timezone: "UTC", start: "7:00", end: "0 9 * * *", replicas: 2 }],
      },
    }),
    message:
      /schedule\.0\.start = "7:00": is no schedule: "7:00" has 1 fields; write five, such as/,
    fine: scaledModel({
      requests: {
        schedule: [{ timezone: "UTC", start: "*/30 7-9 1,15 * *", end: "0 10 * * *", replicas: 2 }],
      },
    }),
  },
  {
    rule: "a schedule names times that there are",
    caught: scaledModel({
      requests: {
        schedule: [{ timezone: "UTC", start: "0 24 * * *", end: "0 9 * * *", replicas: 2 }],
      },
    }),
    message: /schedule\.0\.start = "0 24 \* \* \*": is no schedule: .*"24" is no hour/,
    fine: scaledModel({
      requests: {
        schedule: [{ timezone: "UTC", start: "0 23 * * SUN", end: "0 9 * * 6", replicas: 2 }],
      },
    }),
  },
  {
    rule: "a schedule has an end",
    caught: scaledModel({
      requests: {
        schedule: [{ timezone: "UTC", start: "0 7 * * *", end: "0 7 * * *", replicas: 2 }],
      },
    }),
    message: /schedule\.0\.end.*: is the start as well; write a later time/,
    fine: scaledModel({
      requests: {
        schedule: [{ timezone: "UTC", start: "0 7 * * *", end: "1 7 * * *", replicas: 2 }],
      },
    }),
  },
  {
    rule: "what runs while the requests cannot be read may be",
    caught: scaledModel({ requests: { fallbackReplicas: 3 } }),
    message: /requests\.fallbackReplicas = 3: is more than maxReplicas 2/,
    fine: scaledModel({ requests: { fallbackReplicas: 2 } }),
  },
];

describe("what scales on requests", () => {
  test.each(CASES)("$rule: catches the mistake", ({ caught, message }) => {
    expect(problemLines(caught).join("\n")).toMatch(message);
  });

  test.each(CASES)("$rule: lets the nearest right one pass", ({ fine }) => {
    expect(problemLines(fine)).toEqual([]);
  });
});
