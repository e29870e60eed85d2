/** What the metrics of a HorizontalPodAutoscaler need of its target: read from its own text, with what a preview does not know yet. */
import { describe, expect, test } from "vitest";
import { horizontalMetrics, type Need } from "../../policies/autoscaling/metrics";
import { UNKNOWN, type Value } from "../../policies/resources/values";

const needs = (version: string, props: Value) =>
  horizontalMetrics({
    kubernetes: { group: "autoscaling", version, kind: "HorizontalPodAutoscaler", patch: false },
    props,
  });
const v2 = (metrics: Value) => needs("v2", { spec: { metrics } });
const one = (metric: Value) => v2([metric]);

const share = (resource: string, percent?: number): Need => ({
  state: "request",
  request: { resource, ...(percent === undefined ? {} : { percent }) },
});
const unknown = (what: string): Need => ({ state: "unknown", what });

describe("autoscaling/v2", () => {
  test.each<[string, Value]>([
    ["no metrics", { spec: {} }],
    ["an empty list", { spec: { metrics: [] } }],
    ["no list", { spec: { metrics: "cpu" } }],
    ["no spec", {}],
  ])("takes 80 percent of CPU with %s", (_what, props) => {
    expect(needs("v2", props)).toEqual([share("cpu", 80)]);
  });

  test.each<[string, Value, string]>([
    ["of the object", { spec: UNKNOWN }, "spec"],
    ["of the metrics", { spec: { metrics: UNKNOWN } }, "spec.metrics"],
  ])("says what is not known %s", (_what, props, what) => {
    expect(needs("v2", props)).toEqual([unknown(what)]);
  });

  test("needs a request for each share, with its percentage, in order", () => {
    const metric = (name: string, target: Value): Value => ({
      type: "Resource",
      resource: { name, target },
    });
    expect(
      v2([
        metric("cpu", { type: "Utilization", averageUtilization: 70 }),
        metric("memory", { type: "Utilization", averageUtilization: 90 }),
      ]),
    ).toEqual([share("cpu", 70), share("memory", 90)]);
  });

  test("reads the fields of v2beta1", () => {
    expect(
      one({ type: "Resource", resource: { name: "cpu", targetAverageUtilization: 60 } }),
    ).toEqual([share("cpu", 60)]);
    expect(
      one({ type: "Resource", resource: { name: "cpu", targetAverageValue: "200m" } }),
    ).toEqual([]);
  });

  test("asks one container where the metric names it", () => {
    const containerResource = { name: "cpu", container: "app", target: { averageUtilization: 50 } };
    expect(one({ type: "ContainerResource", containerResource })).toEqual([
      { state: "request", request: { resource: "cpu", container: "app", percent: 50 } },
    ]);
  });

  test.each<[string, Value]>([
    [
      "an average value",
      {
        type: "Resource",
        resource: { name: "cpu", target: { type: "AverageValue", averageValue: "1" } },
      },
    ],
    [
      "an average value beside a share, which the controller reads first",
      {
        type: "Resource",
        resource: { name: "cpu", target: { averageValue: "1", averageUtilization: 70 } },
      },
    ],
    [
      "an average value that says it is a share",
      {
        type: "Resource",
        resource: { name: "cpu", target: { type: "Utilization", averageValue: "1" } },
      },
    ],
    [
      "a type without its field",
      { type: "Resource", resource: { name: "cpu", target: { type: "AverageValue" } } },
    ],
    [
      "a value",
      { type: "Resource", resource: { name: "cpu", target: { type: "Value", value: "1" } } },
    ],
    ["pods", { type: "Pods", pods: { metric: { name: "x" } } }],
    ["an object", { type: "Object", object: { metric: { name: "x" } } }],
    ["an external metric", { type: "External", external: { metric: { name: "x" } } }],
    ["a type of tomorrow", { type: "Other", resource: { name: "cpu" } }],
    [
      "a resource without a name",
      { type: "Resource", resource: { target: { averageUtilization: 70 } } },
    ],
  ])("needs nothing for %s", (_what, metric) => {
    expect(one(metric)).toEqual([]);
  });

  test.each<[string, Record<string, Value>, Need]>([
    ["with a type alone", { target: { type: "Utilization" } }, share("cpu")],
    ["with nothing", {}, share("cpu")],
    [
      "with a target of nulls",
      { target: { averageValue: null, averageUtilization: null } },
      share("cpu"),
    ],
    [
      "whatever the type says",
      { target: { type: "AverageValue", averageUtilization: 70 } },
      share("cpu", 70),
    ],
    [
      "of a percentage that is not known",
      { target: { type: "Utilization", averageUtilization: UNKNOWN } },
      share("cpu"),
    ],
  ])("takes a target for a share %s", (_what, source, need) => {
    expect(one({ type: "Resource", resource: { name: "cpu", ...source } })).toEqual([need]);
  });

  test.each<[string, Value, Need]>([
    ["the metric", UNKNOWN, unknown("spec.metrics[0]")],
    [
      "its type, of a resource",
      { type: UNKNOWN, resource: { name: "cpu", target: { averageUtilization: 70 } } },
      share("cpu", 70),
    ],
    ["its source", { type: "Resource", resource: UNKNOWN }, unknown("spec.metrics[0]")],
    ["its name", { type: "Resource", resource: { name: UNKNOWN } }, unknown("spec.metrics[0]")],
    [
      "its container",
      { type: "ContainerResource", containerResource: { name: "cpu", container: UNKNOWN } },
      unknown("spec.metrics[0]"),
    ],
    [
      "its target",
      { type: "Resource", resource: { name: "cpu", target: UNKNOWN } },
      { ...unknown("spec.metrics[0]"), request: { resource: "cpu" } },
    ],
    [
      "whether a value stands before its share",
      {
        type: "Resource",
        resource: { name: "cpu", target: { averageValue: UNKNOWN, averageUtilization: 70 } },
      },
      { ...unknown("spec.metrics[0]"), request: { resource: "cpu", percent: 70 } },
    ],
  ])("leaves to the update what follows from %s, while it is not known", (_what, metric, need) => {
    expect(one(metric)).toEqual([need]);
  });

  test.each<[string, Value]>([
    ["pods", { type: UNKNOWN, pods: {} }],
    ["an object", { type: UNKNOWN, object: {} }],
    ["an external metric", { type: UNKNOWN, external: {} }],
  ])("needs nothing for what has the settings of %s, its type not being known", (_what, metric) => {
    expect(one(metric)).toEqual([]);
  });

  test("names the place of a metric in the list", () => {
    expect(v2([{ type: "Pods" }, UNKNOWN])).toEqual([unknown("spec.metrics[1]")]);
  });
});

describe("autoscaling/v1", () => {
  const ANNOTATION = "autoscaling.alpha.kubernetes.io/metrics";
  const v1 = (percent: Value, metrics?: Value) =>
    needs("v1", {
      spec: { targetCPUUtilizationPercentage: percent },
      metadata: { annotations: metrics === undefined ? {} : { [ANNOTATION]: metrics } },
    });
  const memory = JSON.stringify([
    { type: "Resource", resource: { name: "memory", targetAverageUtilization: 65 } },
  ]);

  test.each<[string, Value, Value, Need[]]>([
    ["80 percent of CPU without anything", undefined, undefined, [share("cpu", 80)]],
    ["its own percentage", 55, undefined, [share("cpu", 55)]],
    ["a percentage that is not known", UNKNOWN, undefined, [share("cpu")]],
    ["what its annotation says beside it", 55, memory, [share("cpu", 55), share("memory", 65)]],
    ["its annotation alone", undefined, memory, [share("memory", 65)]],
    ["80 percent of CPU with an annotation of nothing", undefined, "[]", [share("cpu", 80)]],
    ["80 percent of CPU with an annotation that is none", undefined, "{", [share("cpu", 80)]],
    ["an annotation that is not known", undefined, UNKNOWN, [unknown(ANNOTATION)]],
    ["its own percentage beside one that is not known", 55, UNKNOWN, [share("cpu", 55)]],
  ])("takes %s", (_what, percent, metrics, expected) => {
    expect(v1(percent, metrics)).toEqual(expected);
  });

  test("has no default where its annotation names other metrics", () => {
    expect(v1(undefined, JSON.stringify([{ type: "Pods" }]))).toEqual([]);
  });
});
