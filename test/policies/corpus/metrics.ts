import { autoscaler, deployment } from "../fixtures";
import { LATER } from "../support";
import { METRICS, cpu, kept, query, queue, scaled } from "./builders/keda";
import { old } from "./builders/requests";
import { bad, good, object, type Case } from "./case";

const metric = (type: string, field: string, source: unknown, more: object = {}) =>
  autoscaler({ metrics: [{ type, [field]: source, ...more }] });
const resource = (target: unknown, more: object = {}) =>
  metric("Resource", "resource", { name: "cpu", target, ...more });
const name = { metric: { name: "rps" } };
const pods = (target: unknown) => metric("Pods", "pods", { ...name, target });
const external = (target: unknown) => metric("External", "external", { ...name, target });
const ingress = { apiVersion: "networking.k8s.io/v1", kind: "Ingress", name: "web" };
const ofObject = (target: unknown) =>
  metric("Object", "object", { ...name, describedObject: ingress, target });
const beta = (source: object, type = "Resource", field = "resource") =>
  old("v2beta1", { metrics: [{ type, [field]: source }] });
const trigger = (one: object) => [deployment(), scaled({ triggers: [one] }), kept] as const;
const { threshold: _threshold, ...noThreshold } = queue.metadata;
/** Metrics and triggers that the API server or KEDA refuses. */
export const METRIC_SHAPES: readonly Case[] = [
  ...(
    [
      ["no target", resource(undefined)],
      ["a target of nothing", resource({ type: "Utilization" })],
      [
        "a share and a value",
        resource({ type: "Utilization", averageUtilization: 70, averageValue: "1" }),
      ],
      ["a share of 0", resource({ type: "Utilization", averageUtilization: 0 })],
      ["a share in words", resource({ type: "Utilization", averageUtilization: "70" })],
      ["a value in words", resource({ type: "AverageValue", averageValue: "lots" })],
      ["a target of no type", resource({ averageUtilization: 70 })],
      ["a target of an unheard-of type", resource({ type: "Share", averageUtilization: 70 })],
      ["a field of a version before", resource(undefined, { targetAverageUtilization: 70 })],
      ["a pods metric without value", pods({ type: "AverageValue" })],
      ["a pods metric with the wrong value", pods({ type: "Value", value: "5" })],
      ["a pods metric below 0", pods({ type: "AverageValue", averageValue: "-5" })],
      [
        "a pods metric without name",
        metric("Pods", "pods", { target: { type: "AverageValue", averageValue: "5" } }),
      ],
      ["an external metric without value", external({ type: "Value" })],
      [
        "an external metric with two values",
        external({ type: "Value", value: "5", averageValue: "5" }),
      ],
      ["an object metric without value", ofObject({ type: "Value" })],
      [
        "an object metric whose type names the other value",
        ofObject({ type: "Value", averageValue: "5" }),
      ],
      [
        "a container metric without container",
        metric("ContainerResource", "containerResource", {
          name: "cpu",
          target: { type: "Utilization", averageUtilization: 70 },
        }),
      ],
      [
        "a container metric without target",
        metric("ContainerResource", "containerResource", { name: "cpu", container: "web" }),
      ],
      [
        "two sources in one metric",
        metric(
          "Pods",
          "pods",
          { ...name, target: { type: "AverageValue", averageValue: "5" } },
          { external: { ...name, target: { type: "Value", value: "5" } } },
        ),
      ],
      ["settings in words", metric("Pods", "pods", "rps")],
      ["metrics as an object", autoscaler({ metrics: { cpu: 70 } })],
      ["v2beta1 without target", beta({ name: "cpu" })],
      [
        "v2beta1 with both",
        beta({ name: "cpu", targetAverageUtilization: 70, targetAverageValue: "1" }),
      ],
      ["v2beta1 pods without value", beta({ metricName: "rps" }, "Pods", "pods")],
      ["v1 with 0 %", old("v1", { targetCPUUtilizationPercentage: 0 })],
    ] as const
  ).map(([what, scaler]) =>
    bad(METRICS, what, "the API server or the controller refuses it", deployment(), scaler, kept),
  ),
  ...(
    [
      ["a share", resource({ type: "Utilization", averageUtilization: 70 })],
      ["a value", resource({ type: "AverageValue", averageValue: "500m" })],
      ["an unknown target", resource(LATER)],
      [
        "an unknown share beside nothing",
        resource({ type: "Utilization", averageUtilization: LATER }),
      ],
      ["a pods metric", pods({ type: "AverageValue", averageValue: "5" })],
      ["an external metric of a value", external({ type: "Value", value: "5" })],
      ["an external metric of an average", external({ type: "AverageValue", averageValue: 5 })],
      ["an object metric of a value", ofObject({ type: "Value", value: "5" })],
      ["an object metric of an average", ofObject({ type: "AverageValue", averageValue: "5" })],
      ["v2beta1", beta({ name: "cpu", targetAverageUtilization: 70 })],
      ["v2beta1 pods", beta({ metricName: "rps", targetAverageValue: "5" }, "Pods", "pods")],
    ] as const
  ).map(([what, scaler]) => good(what, "the API server takes it", deployment(), scaler, kept)),

  bad(
    METRICS,
    "prometheus without threshold",
    "KEDA demands it",
    ...trigger({ ...queue, metadata: noThreshold }),
  ),
  ...["0", "-1", "lots", ""].map((threshold) =>
    bad(
      METRICS,
      `prometheus threshold "${threshold}"`,
      "a target is above 0",
      ...trigger(query("sum(a)", threshold)),
    ),
  ),
  ...["0.5", "1e3", "30"].map((threshold) =>
    good(`prometheus threshold "${threshold}"`, "a number", ...trigger(query("sum(a)", threshold))),
  ),
  good("unknown prometheus threshold", "it may be a number", ...trigger(query("sum(a)", LATER))),
  bad(
    METRICS,
    "prometheus without query",
    "KEDA demands it",
    ...trigger({ ...queue, metadata: { serverAddress: "http://p", threshold: "5" } }),
  ),
  bad(
    METRICS,
    "prometheus without server",
    "KEDA demands it",
    ...trigger({ ...queue, metadata: { query: "sum(a)", threshold: "5" } }),
  ),
  bad(
    METRICS,
    "prometheus as a share",
    "that is for cpu and memory",
    ...trigger({ ...queue, metricType: "Utilization" }),
  ),
  bad(
    METRICS,
    "a compared metric of each pod",
    "the comparison keeps the series",
    ...trigger(query("queue_length > 5")),
  ),
  bad(
    METRICS,
    "a grouped sum, compared",
    "the comparison keeps the series",
    ...trigger(query("sum(queue_length) by (pod) > 5")),
  ),
  bad(
    METRICS,
    "a metric of each pod with a fallback",
    "the fallback comes on top",
    ...trigger(query("queue_length or vector(0)")),
  ),
  good(
    "a recording rule",
    "it is aggregated already, or may be",
    ...trigger(query("job:queue_length:sum")),
  ),
  good(
    "a label that pins the series",
    "it may be one",
    ...trigger(query('messages{queue="orders"}')),
  ),
  good("a sum with a fallback", "one value", ...trigger(query("sum(queue_length) or vector(0)"))),
  good("a sum, compared", "one value or none", ...trigger(query("sum(queue_length) > bool 5"))),
  ...["0", "-5", "lots", "70%", "0.5"].map((value) =>
    bad(
      METRICS,
      `cpu value "${value}"`,
      "a whole number of percent above 0",
      ...trigger({ ...cpu, metadata: { value } }),
    ),
  ),
  bad(
    METRICS,
    "memory without value",
    "the trigger has no target",
    ...trigger({ type: "memory", metricType: "AverageValue", metadata: {} }),
  ),
  bad(
    METRICS,
    "memory value 0",
    "a target is above 0",
    ...trigger({ type: "memory", metricType: "AverageValue", metadata: { value: "0" } }),
  ),
  good(
    "memory value",
    "a quantity",
    ...trigger({ type: "memory", metricType: "AverageValue", metadata: { value: "512Mi" } }),
  ),
  good(
    "unknown cpu value",
    "it may be a number",
    ...trigger({ ...cpu, metadata: { value: LATER } }),
  ),
  good(
    "metrics of another kind",
    "Argo's analyses have a list of that name",
    object("argoproj.io/v1alpha1:AnalysisTemplate", "analysis", {
      spec: { metrics: [{ name: "errors", provider: { prometheus: { query: "errors" } } }] },
    }),
  ),
];
