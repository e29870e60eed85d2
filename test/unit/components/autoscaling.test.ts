import type { Resource } from "@pulumi/pulumi";
import { describe, expect, test } from "vitest";
import type { Scalable } from "../../../components/autoscaling/scalable";
import { horizontalPodAutoscalerSpec, problemsOf } from "../../../components/autoscaling/spec";
import type { Signal } from "../../../domain/settings/signals";
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

describe("a signal", () => {
  const alone = { ...settings, cpuUtilization: undefined, memoryUtilization: undefined };
  const queue = { metric: "queue_length", matchLabels: {} };

  test.each<[Signal, unknown]>([
    [
      { kind: "resource", resource: "memory", averageValue: "2Gi" },
      {
        type: "Resource",
        resource: { name: "memory", target: { type: "AverageValue", averageValue: "2Gi" } },
      },
    ],
    [
      { kind: "containerResource", container: "web", resource: "cpu", averageUtilization: 60 },
      {
        type: "ContainerResource",
        containerResource: {
          container: "web",
          name: "cpu",
          target: { type: "Utilization", averageUtilization: 60 },
        },
      },
    ],
    [
      { kind: "pods", ...queue, averageValue: "500m" },
      {
        type: "Pods",
        pods: {
          metric: { name: "queue_length" },
          target: { type: "AverageValue", averageValue: "500m" },
        },
      },
    ],
    [
      {
        kind: "object",
        ...queue,
        object: { apiVersion: "networking.k8s.io/v1", kind: "Ingress", name: "shop" },
        value: "10k",
      },
      {
        type: "Object",
        object: {
          describedObject: { apiVersion: "networking.k8s.io/v1", kind: "Ingress", name: "shop" },
          metric: { name: "queue_length" },
          target: { type: "Value", value: "10k" },
        },
      },
    ],
    [
      { kind: "external", metric: "queue_length", matchLabels: { queue: "a" }, averageValue: "3" },
      {
        type: "External",
        external: {
          metric: { name: "queue_length", selector: { matchLabels: { queue: "a" } } },
          target: { type: "AverageValue", averageValue: "3" },
        },
      },
    ],
  ])("%j is the metric that Kubernetes knows by it", (signal, metric) => {
    const own = { ...alone, metrics: [signal] };
    expect(problemsOf(target(), own)).toEqual([]);
    expect(horizontalPodAutoscalerSpec(target(), own).metrics).toEqual([metric]);
  });

  test("follows the utilizations that have settings of their own", () => {
    const external: Signal = { kind: "external", ...queue, value: "9" };
    const spec = horizontalPodAutoscalerSpec(target(), { ...settings, metrics: [external] });
    expect(spec.metrics).toMatchObject([
      { type: "Resource", resource: { name: "cpu" } },
      { type: "Resource", resource: { name: "memory" } },
      { type: "External" },
    ]);
  });

  const containers = [
    { name: "web", resources: { requests: {}, limits: {} } },
    { name: "sidecar", resources: { requests: { cpu: "1" }, limits: {} } },
  ];

  test.each<[Signal, string[]]>([
    [
      { kind: "resource", resource: "cpu", averageUtilization: 60 },
      ['target.containers["web"].resources.requests.cpu'],
    ],
    [{ kind: "resource", resource: "cpu", averageValue: "1" }, []],
    [{ kind: "external", ...queue, value: "9" }, []],
    [
      { kind: "containerResource", container: "web", resource: "cpu", averageUtilization: 60 },
      ['target.containers["web"].resources.requests.cpu'],
    ],
    [
      { kind: "containerResource", container: "sidecar", resource: "cpu", averageUtilization: 60 },
      [],
    ],
    [
      { kind: "containerResource", container: "cache", resource: "cpu", averageValue: "1" },
      ["settings.metrics"],
    ],
  ])(
    "%j needs the requests that it is a share of, and the container that it names",
    (signal, at) => {
      const problems = problemsOf(target({ containers }), { ...alone, metrics: [signal] });
      expect(problems.map(({ propertyPath }) => propertyPath)).toEqual(at);
    },
  );
});
