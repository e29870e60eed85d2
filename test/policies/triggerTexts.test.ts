/** What is said of the triggers of a ScaledObject, and what to write instead: word by word. */
import { describe, expect, test } from "vitest";
import { triggerProblems, unsureQueries } from "../../policies/autoscaling/triggerShape";
import { UNKNOWN, type Value } from "../../policies/resources/values";

describe("a trigger of a ScaledObject", () => {
  const said = (...triggers: Value[]) => triggerProblems({ triggers }, false);
  const T = "spec.triggers[0]";
  const prometheus = { serverAddress: "http://p", query: "sum(x)", threshold: "1" };
  const api = { url: "http://m", valueLocation: "a.b", targetValue: "1" };
  const cron = { start: "0 8 * * *", end: "0 18 * * *", timezone: "UTC", desiredReplicas: "2" };
  const FIVE = "is no schedule of five fields; write one, as 0 8 * * 1-5";

  test.each<[string, Value, string[]]>([
    ["without a type", {}, [`${T} has no type; write one, such as prometheus`]],
    ["with an empty type", { type: "" }, [`${T} has no type; write one, such as prometheus`]],
    [
      "of prometheus without settings",
      { type: "prometheus" },
      ["serverAddress", "query", "threshold"].map(
        (name) => `${T}.metadata.${name} is missing; KEDA demands it: write it`,
      ),
    ],
    [
      "of prometheus with a threshold of 0",
      { type: "prometheus", metadata: { ...prometheus, threshold: "0" } },
      [`${T}.metadata.threshold is no number above 0; write one`],
    ],
    [
      "of prometheus with a query of many series",
      { type: "prometheus", metadata: { ...prometheus, query: "sum by (pod) (x)" } },
      [
        `${T}.metadata.query returns one series a pod, and KEDA takes a single one only; aggregate it, as in sum(...)`,
      ],
    ],
    [
      "of prometheus by utilization",
      { type: "prometheus", metricType: "Utilization", metadata: prometheus },
      [`${T}.metricType Utilization is for cpu and memory; write AverageValue or Value`],
    ],
    [
      "of metrics-api without settings",
      { type: "metrics-api", metadata: {} },
      ["url", "valueLocation", "targetValue"].map(
        (name) => `${T}.metadata.${name} is missing; KEDA demands it: write it`,
      ),
    ],
    [
      "of metrics-api with another aggregation, and no target above 0",
      { type: "metrics-api", metadata: { ...api, targetValue: "-1", aggregationType: "mean" } },
      [
        `${T}.metadata.targetValue is no number above 0; write one`,
        `${T}.metadata.aggregationType mean is none that KEDA knows; write one of average, sum, max, min`,
      ],
    ],
    ...["start", "end"].map((name): [string, Value, string[]] => [
      `of cron whose ${name} has four fields`,
      { type: "cron", metadata: { ...cron, [name]: "8 * * *" } },
      [`${T}.metadata.${name} ${FIVE}`],
    ]),
    [
      "of cron that ends as it starts, with half a replica",
      { type: "cron", metadata: { ...cron, end: cron.start, desiredReplicas: "0.5" } },
      [
        `${T}.metadata.start and end are the same; write when it ends`,
        `${T}.metadata.desiredReplicas is no whole number above 0; write one`,
      ],
    ],
    [
      "of cpu by value, without one",
      { type: "cpu", metricType: "Value", metadata: {} },
      [
        `${T}.metricType Value is not for cpu; write Utilization or AverageValue`,
        `${T}.metadata.value is missing; write the cpu utilization in percent`,
      ],
    ],
    [
      "of memory with a share of nothing",
      { type: "memory", metadata: { value: "0" } },
      [`${T}.metadata.value is no quantity above 0; write one`],
    ],
    [
      "of cpu with a share in words",
      { type: "cpu", metadata: { value: "70%" } },
      [`${T}.metadata.value is no quantity above 0; write one`],
    ],
    [
      "of cpu with a share of an amount",
      { type: "cpu", metricType: "Utilization", metadata: { value: "500m" } },
      [`${T}.metadata.value is no whole number of percent; write one, such as 70`],
    ],
  ])("%s is told", (_what, trigger, expected) => {
    expect(said(trigger)).toEqual(expected);
  });

  test.each<[string, Value]>([
    ["prometheus", { type: "prometheus", metadata: prometheus }],
    ["metrics-api", { type: "metrics-api", metadata: { ...api, aggregationType: "max" } }],
    ["cron", { type: "cron", metadata: cron }],
    ["cron with a zone", { type: "cron", metadata: { ...cron, start: " TZ=UTC 0 8 * * 1-5 " } }],
    ["a share of CPU", { type: "cpu", metadata: { value: "70" } }],
    ["an amount of CPU", { type: "cpu", metricType: "AverageValue", metadata: { value: "500m" } }],
    ["an amount, of old", { type: "cpu", metadata: { type: "AverageValue", value: "500m" } }],
    ["another scaler", { type: "kafka", metadata: {} }],
    ["what is not known", { type: "prometheus", metadata: UNKNOWN }],
    ["an unknown share", { type: "cpu", metadata: { value: UNKNOWN } }],
    ["unknown numbers", { type: "metrics-api", metadata: { ...api, targetValue: UNKNOWN } }],
    ["unknown replicas", { type: "cron", metadata: { ...cron, desiredReplicas: UNKNOWN } }],
  ])("of %s is right", (_what, trigger) => {
    expect(said(trigger)).toEqual([]);
  });

  test("is one of several names, and of at least one trigger", () => {
    const named: Value = { type: "prometheus", name: "n", metadata: prometheus };
    expect(said(named, named)).toEqual([
      "spec.triggers[1].name n is taken by another trigger; write another name",
    ]);
    expect(said()).toEqual(["spec.triggers is empty; write at least one trigger"]);
    expect(triggerProblems({ triggers: [] }, true)).toEqual([]);
    expect(triggerProblems({ triggers: UNKNOWN }, false)).toEqual([]);
  });

  test("whose query may return several series is unsure", () => {
    const query = (text: Value): Value => ({
      triggers: [{ type: "prometheus", metadata: { ...prometheus, query: text } }],
    });
    expect(unsureQueries(query('x{queue="a"}'))).toEqual([
      `${T}.metadata.query may return more than one series, and KEDA takes a single one only; aggregate it, as in sum(...)`,
    ]);
    expect(unsureQueries(query("sum(x)"))).toEqual([]);
    expect(unsureQueries(query(UNKNOWN))).toEqual([]);
    expect(unsureQueries({ triggers: [{ type: "kafka", metadata: { query: "x" } }] })).toEqual([]);
  });
});

describe("a formula over triggers", () => {
  const F = "spec.advanced.scalingModifiers";
  const said = (modifiers: Value, ...triggers: Value[]) =>
    triggerProblems({ advanced: { scalingModifiers: modifiers }, triggers }, false);
  const named = (name: Value): Value => ({
    type: "metrics-api",
    name,
    metadata: { url: "http://m", valueLocation: "a" },
  });

  test("needs a target, and stands for those of its triggers", () => {
    expect(said({ formula: "a + 1" }, named("a"))).toEqual([
      `${F}.target is missing; KEDA demands it beside a formula: write it`,
    ]);
    expect(said({ formula: "a + 1", target: "0" }, named("a"))).toEqual([
      `${F}.target is no number above 0; write one`,
    ]);
    expect(said({ formula: "a + 1", target: "2" }, named("a"))).toEqual([]);
    expect(said({ formula: "a + 1", target: UNKNOWN }, named("a"))).toEqual([]);
    expect(said({ formula: "a", target: "2", metricType: "Utilization" }, named("a"))).toEqual([
      `${F}.metricType Utilization is for cpu and memory; write AverageValue or Value`,
    ]);
  });

  test("names triggers, each once, and neither texts, members, functions nor what it lets stand for something", () => {
    const other = (name: string) =>
      `${F}.formula names ${name}, and no trigger has that name; name the trigger, cpu and memory aside`;
    expect(said({ formula: "a > b && b > c ? a : 0", target: "1" }, named("a"))).toEqual([
      other("b"),
      other("c"),
    ]);
    const formula = "let y = max(a, 1); y > 2 and a.x != \"b\" or a in ['c'] ? y : `d`";
    expect(said({ formula, target: "1" }, named("a"))).toEqual([]);
    const cpu: Value = { type: "cpu", name: "load", metadata: { value: "70" } };
    expect(said({ formula: "load", target: "1" }, cpu)).toEqual([other("load")]);
    expect(said({ formula: "b", target: "1" }, named(UNKNOWN))).toEqual([]);
  });
});
