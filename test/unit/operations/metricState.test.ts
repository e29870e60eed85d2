import type { V2HorizontalPodAutoscaler } from "@kubernetes/client-node";
import { describe, expect, test } from "vitest";
import { metricsOf, metricText } from "../../../operations/stack/metricState";

type Spec = NonNullable<V2HorizontalPodAutoscaler["spec"]>;
type Metric = NonNullable<Spec["metrics"]>[number];
type Reading = NonNullable<
  NonNullable<V2HorizontalPodAutoscaler["status"]>["currentMetrics"]
>[number];

function texts(metrics: Metric[], currentMetrics: Reading[]): string[] {
  return metricsOf({
    spec: { maxReplicas: 9, scaleTargetRef: { kind: "Deployment", name: "web" }, metrics },
    status: { desiredReplicas: 1, conditions: [], currentMetrics },
  }).map(metricText);
}

const metric = { name: "queue" };
const ingress = { kind: "Ingress", name: "shop" };

describe("a metric of an autoscaler reads as its value against its target", () => {
  test.each<[string, Metric, Reading]>([
    [
      "cpu 91/70 %",
      {
        type: "Resource",
        resource: { name: "cpu", target: { type: "Utilization", averageUtilization: 70 } },
      },
      {
        type: "Resource",
        resource: { name: "cpu", current: { averageUtilization: 91, averageValue: "910m" } },
      },
    ],
    [
      "litellm/cpu 0.5/2 (avg)",
      {
        type: "ContainerResource",
        containerResource: {
          container: "litellm",
          name: "cpu",
          target: { type: "AverageValue", averageValue: "2" },
        },
      },
      {
        type: "ContainerResource",
        containerResource: { container: "litellm", name: "cpu", current: { averageValue: "500m" } },
      },
    ],
    [
      "queue 4/3 (avg)",
      { type: "Pods", pods: { metric, target: { type: "AverageValue", averageValue: "3" } } },
      { type: "Pods", pods: { metric, current: { averageValue: "4" } } },
    ],
    [
      "shop/queue 20/10000",
      {
        type: "Object",
        object: { describedObject: ingress, metric, target: { type: "Value", value: "10k" } },
      },
      { type: "Object", object: { describedObject: ingress, metric, current: { value: "20" } } },
    ],
    [
      "queue 12/3 (avg)",
      {
        type: "External",
        external: { metric, target: { type: "AverageValue", averageValue: "3" } },
      },
      { type: "External", external: { metric, current: { averageValue: "12" } } },
    ],
  ])("%s", (text, spec, reading) => {
    expect(texts([spec], [reading])).toEqual([text]);
    expect(texts([spec], [])).toEqual([text.replace(/ [\d.]+\//, " ?/")]);
  });

  test("a mean is rounded as far as a reader wants it, a percentage wholly", () => {
    const metric = { name: "m", target: 3, current: 10 / 3 } as const;
    expect(metricText({ ...metric, kind: "average" })).toBe("m 3.33/3 (avg)");
    expect(metricText({ ...metric, kind: "utilization" })).toBe("m 3/3 %");
  });

  test("two metrics of one kind keep their own readings, in whatever order these come", () => {
    const external = (name: string): Metric => ({
      type: "External",
      external: { metric: { name }, target: { type: "Value", value: "9" } },
    });
    const reading = (name: string, value: string): Reading => ({
      type: "External",
      external: { metric: { name }, current: { value } },
    });
    expect(texts([external("a"), external("b")], [reading("b", "2"), reading("a", "1")])).toEqual([
      "a 1/9",
      "b 2/9",
    ]);
  });
});
