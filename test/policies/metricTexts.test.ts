/** What is said of the metrics of a HorizontalPodAutoscaler, and what to write instead: word by word. */
import { describe, expect, test } from "vitest";
import { metricProblems } from "../../policies/autoscaling/metricShape";
import { UNKNOWN, type Value } from "../../policies/resources/values";

describe("a metric of a HorizontalPodAutoscaler", () => {
  const said = (metric: Value, version = "v2") => metricProblems({ metrics: [metric] }, version);
  const some = { type: "AverageValue", averageValue: 1 };
  const resource = (target: Value, name: Value = "cpu"): Value => ({
    type: "Resource",
    resource: { name, target },
  });
  const external = (target: Value): Value => ({
    type: "External",
    external: { metric: { name: "n" }, target },
  });
  const M = "spec.metrics[0]";

  test.each<[Value, string[]]>([
    [
      { type: "CPU" },
      [
        `${M}.type is none of Resource, ContainerResource, Pods, Object, External; write one of them`,
      ],
    ],
    [{ type: "Pods", pods: "x" }, [`${M} is of type Pods but has no pods; write it`]],
    [
      { type: "Resource", resource: { name: "cpu", target: some }, pods: {}, external: {} },
      [`${M} is of type Resource; leave pods out`, `${M} is of type Resource; leave external out`],
    ],
    [{ type: "Pods", pods: { target: some } }, [`${M}.pods names no metric; write metric.name`]],
    [
      resource(some, "disk"),
      [
        `${M}.resource.name is disk, which metrics-server does not measure; write cpu or memory, or use a Pods or External metric`,
      ],
    ],
    [
      { type: "ContainerResource", containerResource: { name: "x", target: some } },
      [
        `${M}.containerResource.name is x, which metrics-server does not measure; write cpu or memory, or use a Pods or External metric`,
        `${M}.containerResource names no container; write container`,
      ],
    ],
    [resource("x"), [`${M}.resource has no target; write one`]],
    [
      resource({}),
      [
        `${M}.resource.target sets nothing to scale on; write averageUtilization or averageValue`,
        `${M}.resource.target.type is none of Utilization, Value, AverageValue; write one of them`,
      ],
    ],
    [
      resource({ type: "Utilization", averageUtilization: 1, averageValue: "1" }),
      [`${M}.resource.target sets both averageUtilization and averageValue; leave one out`],
    ],
    [
      external({ type: "Value" }),
      [`${M}.external.target sets nothing to scale on; write value or averageValue`],
    ],
    [
      external({ type: "Share", value: 1 }),
      [`${M}.external.target.type is none of Utilization, Value, AverageValue; write one of them`],
    ],
    [
      resource({ type: "Utilization", averageUtilization: "x" }),
      [`${M}.resource.target.averageUtilization is no quantity; write one`],
    ],
    [
      resource({ type: "Utilization", averageUtilization: 0 }),
      [`${M}.resource.target.averageUtilization is 0; write more than 0`],
    ],
    [
      resource({ type: "Utilization", averageUtilization: "70" }),
      [`${M}.resource.target.averageUtilization is no whole number; write the percentage alone`],
    ],
    [
      resource({ type: "Utilization", averageUtilization: 70.5 }),
      [`${M}.resource.target.averageUtilization is no whole number; write the percentage alone`],
    ],
  ])("is told %#", (metric, expected) => {
    expect(said(metric)).toEqual(expected);
  });

  test.each([
    ["AverageValue", "averageValue", { value: 1 }],
    ["Value", "value", { averageValue: 1 }],
    ["Utilization", "averageValue", { averageValue: 1 }],
  ])("of an Object is scaled by what its type %s names", (type, wanted, amount) => {
    const target = { type, ...amount };
    expect(said({ type: "Object", object: { metric: { name: "n" }, target } })).toEqual([
      `${M}.object.target.type is ${type}, but ${wanted} is not set; make them agree`,
    ]);
  });

  test("of v2beta1 has its target beside its name", () => {
    expect(said({ type: "Pods", pods: {} }, "v2beta1")).toEqual([
      `${M}.pods names no metric; write metricName`,
      `${M}.pods sets nothing to scale on; write targetAverageValue`,
    ]);
    const both = { metricName: "n", targetValue: 1, targetAverageValue: 2 };
    expect(said({ type: "External", external: both }, "v2beta1")).toEqual([
      `${M}.external sets both targetValue and targetAverageValue; leave one out`,
    ]);
  });

  test("is right as an amount, and with what is not known yet", () => {
    const metrics: Value[] = [
      UNKNOWN,
      { type: UNKNOWN },
      { type: "Pods", pods: UNKNOWN },
      { type: "Pods", pods: { metric: { name: UNKNOWN }, target: UNKNOWN } },
      resource({ type: UNKNOWN, averageUtilization: UNKNOWN }, UNKNOWN),
      resource({ type: "Utilization", averageUtilization: 70, averageValue: UNKNOWN }),
      resource({ type: "AverageValue", averageValue: "500m" }),
      external({ type: "Value", value: "1.5" }),
    ];
    for (const metric of metrics) {
      expect(said(metric)).toEqual([]);
    }
    expect(metricProblems({ metrics: UNKNOWN }, "v2")).toEqual([]);
  });

  test("has a list to stand in, and in autoscaling/v1 a percentage above 0", () => {
    expect(metricProblems({ metrics: "cpu" }, "v2")).toEqual([
      "spec.metrics is no list; write one",
    ]);
    expect(metricProblems({ targetCPUUtilizationPercentage: 0 }, "v1")).toEqual([
      "spec.targetCPUUtilizationPercentage is 0; write a percentage above 0",
    ]);
    expect(metricProblems({ targetCPUUtilizationPercentage: 1 }, "v1")).toEqual([]);
    expect(metricProblems({ targetCPUUtilizationPercentage: 0 }, "v2")).toEqual([]);
  });
});
