/** What a roll of pods is given, in what the stacks declare: nobody loses an answer, and Pulumi waits until it is done. */
import { beforeAll, describe, expect, test } from "vitest";
import type { DeclaredResource } from "../../../local/render/resource";
import { declared, named, ofType, podOf, specOf } from "../../support/declared";

const GATEWAY = "Deployment gateway";
const MODEL = "StatefulSet qwen3-8b-fp8-neuron";
const GATES = "elbv2.k8s.aws/pod-readiness-gate-inject";

let dev: readonly DeclaredResource[];
let local: readonly DeclaredResource[];
let inside: readonly DeclaredResource[];
beforeAll(async () => {
  dev = await declared("dev");
  local = await declared("local");
  inside = await declared("dev", { gateway: { service: { type: "ClusterIP" } } });
});

function labelsOf(resources: readonly DeclaredResource[], label: string) {
  const { metadata } = named(resources, label).inputs;
  return (metadata as { labels: Record<string, string> }).labels;
}

function annotationsOf(resources: readonly DeclaredResource[]) {
  const { metadata } = named(resources, "Service gateway-service").inputs;
  return (metadata as { annotations: Record<string, string> }).annotations;
}

const attribute = (resources: readonly DeclaredResource[], name: string) =>
  annotationsOf(resources)[`service.beta.kubernetes.io/aws-load-balancer-${name}`];

function timesOf(resources: readonly DeclaredResource[], label: string) {
  const { terminationGracePeriodSeconds: grace = 0, containers } = podOf(named(resources, label));
  return { grace, drain: containers[0]?.lifecycle?.preStop.sleep.seconds ?? 0 };
}

/** Seconds of a time-out in minutes. */
function timeoutOf(resources: readonly DeclaredResource[], label: string, kind: string): number {
  const { customTimeouts } = named(resources, label).options;
  return 60 * Number(/^(\d+)m$/.exec((customTimeouts as Record<string, string>)[kind] ?? "")?.[1]);
}

describe("a new pod of the gateway", () => {
  test("is ready once the network load balancer has found it healthy, on EKS", () => {
    expect(labelsOf(dev, "Namespace workspace-gateway")[GATES]).toBe("enabled");
    expect(labelsOf(dev, "Namespace workspace-models")).not.toHaveProperty([GATES]);
  });

  test.each([
    ["inside the cluster", () => inside],
    ["in the embedded environment", () => local],
  ])("waits for no load balancer %s", (_where, resources) => {
    expect(labelsOf(resources(), "Namespace workspace-gateway")).not.toHaveProperty([GATES]);
  });

  test("comes after the Service, whose target group its readiness gate names", () => {
    for (const resources of [dev, local, inside]) {
      expect(named(resources, GATEWAY).options.dependsOn).toContain("Service gateway-service");
      expect(named(resources, "Service gateway-service").options.dependsOn).toBeUndefined();
    }
  });
});

describe("the Service, which comes before its pods,", () => {
  test("is waited for until it has an address, and not until it has pods", () => {
    expect(annotationsOf(dev)).toMatchObject({
      "pulumi.com/waitFor": "jsonpath={.status.loadBalancer.ingress[0]}",
    });
  });

  test("inside the cluster is not waited for, and has no annotation for a load balancer", () => {
    expect(annotationsOf(inside)).toEqual({ "pulumi.com/skipAwait": "true" });
  });
});

describe("a pod that ends", () => {
  test.each([
    [GATEWAY, () => dev, 180],
    [GATEWAY, () => inside, 15],
    [GATEWAY, () => local, 15],
    [MODEL, () => dev, 15],
  ] as const)("%s has a drain and the longest answer after it", (label, resources, drain) => {
    const longest = label === GATEWAY && resources() === local ? 448 : 120 + 164;
    expect(timesOf(resources(), label)).toEqual({ drain, grace: drain + longest });
  });

  test("of a model takes as long as the model's own context, whatever other models the stack has", () => {
    expect(timesOf(local, MODEL)).toEqual({ drain: 15, grace: 15 + 120 + 164 });
    expect(timesOf(local, "StatefulSet llama-3-1-8b-int8-neuron").grace).toBe(15 + 120 + 328);
  });

  test("is left alone by the load balancer for as long as it may live", () => {
    expect(attribute(dev, "target-group-attributes")).toBe(
      `deregistration_delay.timeout_seconds=${timesOf(dev, GATEWAY).grace}`,
    );
  });
});

test("a node that is taken away waits for the pods on it, longer than the autoscaler does by itself", () => {
  const { values } = named(dev, "Release platform-controllers-cluster-autoscaler").inputs;
  const { extraArgs } = values as { extraArgs: Record<string, unknown> };
  expect(extraArgs["max-graceful-termination-sec"]).toBeGreaterThan(3600 + 7200);
});

describe("Pulumi waits", () => {
  test.each([
    [GATEWAY, 10, 600],
    [MODEL, 2, 1800],
  ])("for a roll of all pods of %s, one at a time", (label, replicas, start) => {
    const { drain, grace } = timesOf(dev, label);
    const step = start + drain + grace;
    expect(timeoutOf(dev, label, "create")).toBeGreaterThanOrEqual(step);
    expect(timeoutOf(dev, label, "update")).toBeGreaterThanOrEqual(replicas * step);
    expect(timeoutOf(dev, label, "delete")).toBeGreaterThan(grace);
  });

  test("and Kubernetes gives no roll of the gateway up before one step of it can be done", () => {
    const { drain, grace } = timesOf(dev, GATEWAY);
    expect(specOf(named(dev, GATEWAY)).progressDeadlineSeconds).toBe(600 + drain + grace);
  });
});

test("a Job fails by its limits alone: Pulumi knows no other reason, and would wait on", () => {
  for (const job of ofType([...dev, ...local], "Job")) {
    const { backoffLimit, activeDeadlineSeconds, podFailurePolicy } = specOf(job);
    expect(backoffLimit).toBeLessThan(3);
    expect(activeDeadlineSeconds).toBeGreaterThan(0);
    // Source: pulumi/cloud-ready-checks 1.3.0, collectJobConditionErrors.
    expect(JSON.stringify(podFailurePolicy ?? {})).not.toMatch(/FailJob|FailIndex/);
  }
});

describe("the load balancer", () => {
  test("sends to the pods of every zone, unless told otherwise", async () => {
    expect(attribute(dev, "attributes")).toBe("load_balancing.cross_zone.enabled=true");
    const off = await declared("dev", { gateway: { service: { crossZone: false } } });
    expect(attribute(off, "attributes")).toBe("load_balancing.cross_zone.enabled=false");
  });

  test("remembers a silent connection for as long as every attempt may take", async () => {
    const idle = (resources: readonly DeclaredResource[]) =>
      attribute(resources, "listener-attributes.TCP-4000");
    // 60 s in the queue, and three attempts of 120 s; AWS's own value is 350 s.
    expect(idle(dev)).toBe("tcp.idle_timeout.seconds=430");
    const routing = (changes: object) => declared("dev", { gateway: { routing: changes } });
    expect(idle(await routing({ requestTimeoutSeconds: 60 }))).toBeUndefined();
    expect(idle(await routing({ requestTimeoutSeconds: 3600 }))).toBe(
      "tcp.idle_timeout.seconds=6000",
    );
  });
});
