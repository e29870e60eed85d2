import { describe, expect, test } from "vitest";
import { autoscaler, budget, container, deployment, NO_CPU, utilization } from "./fixtures";
import { LATER, violations, type TestResource } from "./support";

const RULE = "autoscaler-target-requests";

test("a good stack gets no violation from any rule", async () => {
  expect(await violations([deployment(), autoscaler(), budget()])).toEqual({});
});

describe("an autoscaler's target must request what the metrics need", () => {
  const judge = async (
    target: TestResource,
    scaler: TestResource = autoscaler(),
    config: Record<string, object> = {},
  ) => (await violations([target, scaler, budget()], { config }))[RULE] ?? [];

  test("a container without the request is named with what to write", async () => {
    expect(await judge(deployment({ containers: [NO_CPU] }))).toEqual([
      'HorizontalPodAutoscaler shop/web-hpa: scales on cpu, but containers["web"] of Deployment shop/web requests none; write resources.requests.cpu',
    ]);
  });

  test("every container counts: one without the request blinds the autoscaler", async () => {
    const sidecar = container({ name: "log-shipper", resources: {} });
    expect(await judge(deployment({ containers: [container(), sidecar] }))).toHaveLength(2);
  });

  test("so does an init container that keeps running, and only such a one", async () => {
    const init = container({ name: "proxy", resources: {} });
    expect(
      await judge(deployment({ initContainers: [{ ...init, restartPolicy: "Always" }] })),
    ).toHaveLength(2);
    expect(await judge(deployment({ initContainers: [init] }))).toEqual([]);
  });

  test("a limit stands for the request, unless the policy wants it explicit", async () => {
    const limited = container({ resources: { limits: { cpu: "1", memory: "1Gi" } } });
    const target = deployment({ containers: [limited] });
    expect(await judge(target)).toEqual([]);
    expect(await judge(target, autoscaler(), { [RULE]: { explicitRequests: true } })).toHaveLength(
      2,
    );
  });

  test("a ContainerResource metric needs the request of its container alone", async () => {
    const metric = (name: string) => ({
      metrics: [
        {
          type: "ContainerResource",
          containerResource: {
            name: "cpu",
            container: name,
            target: { type: "Utilization", averageUtilization: 70 },
          },
        },
      ],
    });
    const target = deployment({ containers: [container(), { ...NO_CPU, name: "quiet" }] });
    expect(await judge(target, autoscaler(metric("web")))).toEqual([]);
    expect(await judge(target, autoscaler(metric("quiet")))).toHaveLength(1);
    expect(await judge(target, autoscaler(metric("ghost")))).toEqual([
      'HorizontalPodAutoscaler shop/web-hpa: measures container "ghost", which Deployment shop/web does not have; name one of containers["web"], containers["quiet"]',
    ]);
  });

  test.each([
    [
      "an average value",
      {
        type: "Resource",
        resource: { name: "cpu", target: { type: "AverageValue", averageValue: "1" } },
      },
    ],
    ["Pods", { type: "Pods", pods: { metric: { name: "rps" }, target: { type: "AverageValue" } } }],
    ["Object", { type: "Object", object: { metric: { name: "rps" } } }],
    ["External", { type: "External", external: { metric: { name: "queue" } } }],
  ])("a metric of %s needs no request", async (_kind, metric) => {
    const target = deployment({ containers: [NO_CPU] });
    expect(await judge(target, autoscaler({ metrics: [metric] }))).toEqual([]);
  });

  test("without metrics Kubernetes measures CPU", async () => {
    const target = deployment({ containers: [NO_CPU] });
    expect(await judge(target, autoscaler({ metrics: undefined }))).toHaveLength(1);
    expect(await judge(deployment(), autoscaler({ metrics: [] }))).toEqual([]);
  });

  test("autoscaling/v1 measures CPU", async () => {
    const v1 = autoscaler(
      { metrics: undefined, targetCPUUtilizationPercentage: 80 },
      { type: "kubernetes:autoscaling/v1:HorizontalPodAutoscaler" },
    );
    expect(await judge(deployment({ containers: [NO_CPU] }), v1)).toHaveLength(1);
    expect(await judge(deployment(), v1)).toEqual([]);
  });

  test("a StatefulSet is a target like a Deployment", async () => {
    const stateful = deployment(
      { containers: [NO_CPU] },
      { type: "kubernetes:apps/v1:StatefulSet" },
    );
    const scaler = autoscaler({
      scaleTargetRef: { apiVersion: "apps/v1", kind: "StatefulSet", name: "web" },
    });
    expect(await judge(stateful, scaler)).toHaveLength(1);
  });
});

describe("an autoscaler's target must be in the stack", () => {
  test("a target that nobody declares is a violation, unless it is allowed", async () => {
    const stack = [autoscaler(), budget()];
    expect((await violations(stack))[RULE]).toEqual([
      'HorizontalPodAutoscaler shop/web-hpa: its target Deployment shop/web is not in this stack; mend scaleTargetRef, or name "Deployment shop/web" in allowExternalTargets',
    ]);
    const config = { [RULE]: { allowExternalTargets: ["Deployment shop/web"] } };
    expect(await violations(stack, { config })).toEqual({});
  });

  test.each([
    ["namespace", { metadata: { name: "web", namespace: "other" } }],
    ["name", { metadata: { name: "api", namespace: "shop" } }],
  ])("a workload of another %s is another workload", async (_what, props) => {
    const other = deployment({}, { name: "other" });
    const stack = [{ ...other, props: { ...other.props, ...props } }, autoscaler(), budget()];
    expect((await violations(stack))[RULE]).toHaveLength(1);
  });

  test("a missing namespace is the default one", async () => {
    const bare = (resource: TestResource) => ({
      ...resource,
      props: {
        ...resource.props,
        metadata: { name: (resource.props.metadata as { name: string }).name },
      },
    });
    const stack = [bare(deployment()), bare(autoscaler()), bare(budget())];
    expect(await violations(stack)).toEqual({});
  });

  test("two clusters in one stack are kept apart", async () => {
    const stack = [
      deployment({}, { provider: "blue" }),
      deployment({ containers: [NO_CPU] }, { provider: "green", name: "web-green" }),
      autoscaler({}, { provider: "blue" }),
      budget({}, { provider: "blue" }),
    ];
    expect(await violations(stack)).toEqual({});
    const crossed = [deployment({}, { provider: "blue" }), autoscaler({}, { provider: "green" })];
    expect((await violations(crossed))[RULE]).toHaveLength(1);
  });
});

describe("a first preview, whose provider is not configured yet,", () => {
  const options = { unconfiguredProvider: true };

  test("catches a missing request all the same", async () => {
    const stack = [deployment({ containers: [NO_CPU] }), autoscaler(), budget()];
    expect((await violations(stack, options))[RULE]).toHaveLength(1);
  });

  test("passes a good stack", async () => {
    expect(await violations([deployment(), autoscaler(), budget()], options)).toEqual({});
  });
});

describe("a value that only the update will know", () => {
  test("of one container does not hide the mistake in another", async () => {
    const containers = [
      container({ resources: { requests: { cpu: LATER } } }),
      { ...NO_CPU, name: "b" },
    ];
    const found = await violations([
      deployment({ containers }),
      autoscaler({ metrics: [utilization("cpu")] }),
      budget(),
    ]);
    expect(found[RULE]).toEqual([expect.stringContaining('containers["b"]')]);
    expect(found["autoscaler-undecided"]).toEqual([expect.stringContaining('containers["web"]')]);
  });

  test("of one autoscaler does not disable the rule for another", async () => {
    const stack = [
      deployment({ containers: [NO_CPU] }),
      autoscaler({ metrics: LATER }, { name: "vague" }),
      autoscaler(),
      budget(),
    ];
    const found = await violations(stack);
    expect(found[RULE]).toHaveLength(1);
    expect(found["autoscaler-undecided"]).toHaveLength(1);
  });

  test("as the target's name is resolved through what the autoscaler was computed from", async () => {
    const unnamed = { apiVersion: "apps/v1", kind: "Deployment", name: LATER };
    const stack = [
      deployment({ containers: [NO_CPU] }),
      deployment({}, { name: "other" }),
      autoscaler({ scaleTargetRef: unnamed }, { dependsOn: { spec: ["web"] } }),
      budget(),
    ];
    expect((await violations(stack))[RULE]).toHaveLength(1);
  });

  test("as the target's name, with nothing to resolve it by, is said and on request refused", async () => {
    const unnamed = { apiVersion: "apps/v1", kind: "Deployment", name: LATER };
    const stack = [deployment(), autoscaler({ scaleTargetRef: unnamed }), budget()];
    const found = await violations(stack);
    expect(found[RULE]).toBeUndefined();
    expect(found["autoscaler-undecided"]).toEqual([
      expect.stringContaining("could be any of Deployment shop/web"),
    ]);
    const strict = { config: { [RULE]: { failOnUnknown: true } } };
    expect((await violations(stack, strict))[RULE]).toHaveLength(1);
  });
});

describe("an autoscaler owns the replicas of its target", () => {
  const RULE = "autoscaler-owns-replicas";

  test("fixed replicas are refused", async () => {
    const stack = [deployment({}, {}, { replicas: 3 }), autoscaler(), budget()];
    expect((await violations(stack))[RULE]).toEqual([
      "Deployment shop/web fixes spec.replicas although HorizontalPodAutoscaler shop/web-hpa owns it; leave replicas out, or ignore changes to spec.replicas",
    ]);
  });

  test("ignored changes are fine, and so are fixed replicas without an autoscaler", async () => {
    const ignoring = deployment({}, { ignoreChanges: ["spec.replicas"] }, { replicas: 3 });
    expect(await violations([ignoring, autoscaler(), budget()])).toEqual({});
    expect(await violations([deployment({}, {}, { replicas: 3 })])).toEqual({});
  });
});

describe("an autoscaler's target has a disruption budget", () => {
  const RULE = "autoscaler-disruption-budget";
  const judge = async (...budgets: TestResource[]) =>
    (await violations([deployment(), autoscaler(), ...budgets]))[RULE] ?? [];

  test("none is a violation", async () => {
    expect(await judge()).toEqual([
      "Deployment shop/web scales with HorizontalPodAutoscaler shop/web-hpa but no PodDisruptionBudget selects its pods; add one with maxUnavailable: 1 and the same labels",
    ]);
  });

  test.each([
    ["other labels", budget({ selector: { matchLabels: { app: "api" } } })],
    ["no selector", budget({ selector: undefined })],
    ["another cluster", budget({}, { provider: "green" })],
    [
      "an expression that excludes the pods",
      budget({
        selector: { matchExpressions: [{ key: "app", operator: "NotIn", values: ["web"] }] },
      }),
    ],
  ])("one with %s does not count", async (_what, other) => {
    expect(await judge(other)).toHaveLength(1);
  });

  test.each([
    ["labels", budget()],
    [
      "an expression",
      budget({ selector: { matchExpressions: [{ key: "app", operator: "In", values: ["web"] }] } }),
    ],
    ["a selector that is unknown yet", budget({ selector: LATER })],
  ])("one that selects by %s counts", async (_what, good) => {
    expect(await judge(good)).toEqual([]);
  });
});

describe("an autoscaler's bounds make sense", () => {
  const RULE = "autoscaler-bounds";
  const judge = async (spec: Record<string, unknown>, config: Record<string, object> = {}) =>
    (await violations([deployment(), autoscaler(spec), budget()], { config }))[RULE] ?? [];

  test.each([
    [{ minReplicas: 6 }, /minReplicas 6 is more than maxReplicas 5/],
    [{ minReplicas: 0 }, /write 1 or more/],
    [{ maxReplicas: undefined }, /maxReplicas is missing/],
    [{ maxReplicas: 1000 }, /more than 100; lower it, or raise highestMaximum/],
    [
      { behavior: { scaleDown: { stabilizationWindowSeconds: 7200 } } },
      /scaleDown\.stabilizationWindowSeconds 7200 is more than 3600/,
    ],
  ])("%j is refused", async (spec, message) => {
    expect(await judge(spec)).toEqual([expect.stringMatching(message)]);
  });

  test.each([[{}], [{ minReplicas: 5 }], [{ minReplicas: LATER }], [{ maxReplicas: LATER }]])(
    "%j is fine",
    async (spec) => {
      expect(await judge(spec)).toEqual([]);
    },
  );

  test("the highest maximum is a parameter", async () => {
    expect(await judge({}, { [RULE]: { highestMaximum: 4 } })).toHaveLength(1);
  });
});
