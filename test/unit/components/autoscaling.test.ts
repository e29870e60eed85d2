import type { Resource } from "@pulumi/pulumi";
import { describe, expect, test } from "vitest";
import type { Scalable } from "../../../components/autoscaling/scalable";
import { horizontalPodAutoscalerSpec, problemsOf } from "../../../components/autoscaling/spec";
import { parsed } from "../../support/config";

const settings = parsed().gateway.autoscaling;

function target(changes: Partial<Scalable> = {}): Scalable {
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    name: "web",
    namespace: "shop",
    containers: [{ name: "web", resources: { requests: { cpu: "1", memory: "1Gi" }, limits: {} } }],
    resource: {} as Resource,
    ...changes,
  };
}

describe("an autoscaler's target", () => {
  test("with requests and free replicas is fine", () => {
    expect(problemsOf(target(), settings)).toEqual([]);
  });

  test("lacking a request in one of its containers is refused by the container's name", () => {
    const containers = [
      ...target().containers,
      { name: "sidecar", resources: { requests: { memory: "1Gi" }, limits: {} } },
    ];
    expect(problemsOf(target({ containers }), settings)).toEqual([
      {
        propertyPath: 'target.containers["sidecar"].resources.requests.cpu',
        reason:
          "is missing on Deployment shop/web; without it the autoscaler cannot compute cpu utilization",
      },
    ]);
  });

  test("needs no request for a resource that is not measured", () => {
    const containers = [{ name: "web", resources: { requests: { cpu: "1" }, limits: {} } }];
    expect(
      problemsOf(target({ containers }), { ...settings, memoryUtilization: undefined }),
    ).toEqual([]);
  });

  test("with fixed replicas is refused", () => {
    expect(problemsOf(target({ replicas: 3 }), settings)).toMatchObject([
      { propertyPath: "target.replicas" },
    ]);
  });

  test("with crossed bounds or without a metric is refused", () => {
    expect(problemsOf(target(), { ...settings, minReplicas: 11 })).toMatchObject([
      { propertyPath: "settings.minReplicas" },
    ]);
    expect(
      problemsOf(target(), {
        ...settings,
        cpuUtilization: undefined,
        memoryUtilization: undefined,
      }),
    ).toMatchObject([{ propertyPath: "settings" }]);
  });
});

test("the spec carries target, bounds, metrics and behaviour as configured", () => {
  expect(horizontalPodAutoscalerSpec(target(), settings)).toEqual({
    scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "web" },
    minReplicas: 2,
    maxReplicas: 10,
    metrics: [
      {
        type: "Resource",
        resource: { name: "cpu", target: { type: "Utilization", averageUtilization: 70 } },
      },
      {
        type: "Resource",
        resource: { name: "memory", target: { type: "Utilization", averageUtilization: 80 } },
      },
    ],
    behavior: { scaleUp: settings.scaleUp, scaleDown: settings.scaleDown },
  });
});
