import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { run } from "../../policies/factory/run";
import { object } from "./corpus/case";
import { autoscaler, budget, container, deployment } from "./fixtures";
import { LATER, violations, type TestResource } from "./support";

const RULE = "autoscaler-target-requests";
const bare = deployment({ containers: [container({ resources: {} })] });
const DEFAULTS = object("core/v1:LimitRange", "defaults", {
  spec: { limits: [{ type: "Container", defaultRequest: { cpu: "1", memory: "1Gi" } }] },
});
const COMPLETION = object("apps/v1:DeploymentPatch", "web", {
  spec: {
    template: {
      spec: {
        containers: [{ name: "web", resources: { requests: { cpu: "1", memory: "1Gi" } } }],
      },
    },
  },
});
const registrations = (stack: readonly TestResource[], config: object = {}) =>
  violations(stack, { registrationsOnly: true, config: { [RULE]: config } });

describe("in an update", () => {
  beforeEach(() => {
    run.updating = true;
  });
  afterEach(() => {
    run.updating = false;
  });

  test.each([
    ["the target first", [bare, autoscaler()]],
    ["the autoscaler first", [autoscaler(), bare]],
  ])("a missing request is said at the second registration, %s", async (_order, stack) => {
    expect(Object.keys(await registrations(stack))).toEqual([RULE]);
    expect(await registrations(stack.slice(0, 1))).toEqual({});
  });

  test("nothing is said twice, at a registration and at the end", async () => {
    expect((await violations([bare, autoscaler(), budget()]))[RULE]).toHaveLength(2);
  });

  test.each([
    ["a LimitRange", DEFAULTS, bare, autoscaler()],
    ["a patch", COMPLETION, bare, autoscaler()],
  ])(
    "%s that comes last is refused with the way out, and right where the autoscaler depends on it",
    async (_what, late, target, scaler) => {
      expect(await registrations([target, scaler, late])).toEqual({
        [RULE]: [
          expect.stringMatching(
            /requests none; write resources\.requests\.cpu, or, where a LimitRange or a patch of this stack adds them, let the autoscaler depend on it$/,
          ),
          expect.stringContaining("let the autoscaler depend on it"),
        ],
      });
      expect(await violations([target, late, scaler, budget()])).toEqual({});
      expect(await violations([late, target, scaler, budget()])).toEqual({});
      const off = { judgeAtRegistration: false };
      expect(
        await violations([target, scaler, late, budget()], { config: { [RULE]: off } }),
      ).toEqual({});
    },
  );

  test("what was registered before and may complete the requests is no refusal", async () => {
    const unnamed = {
      ...COMPLETION,
      props: { ...COMPLETION.props, metadata: { name: LATER, namespace: "shop" } },
    };
    expect(await registrations([bare, unnamed, autoscaler()])).toEqual({});
    const unknown = { ...DEFAULTS, props: { ...DEFAULTS.props, spec: LATER } };
    expect(await registrations([unknown, bare, autoscaler()])).toEqual({});
  });

  test("no preview before it makes an update right: nothing is kept between them", async () => {
    run.updating = false;
    expect(await violations([bare, autoscaler(), DEFAULTS, budget()])).toEqual({});
    run.updating = true;
    expect(await registrations([bare, autoscaler()])).toHaveProperty([RULE]);
  });

  test("a limit that a patch raises must come before the autoscaler", async () => {
    const resources = { requests: { cpu: "1" }, limits: { cpu: "1" } };
    const full = deployment({ containers: [container({ resources })] });
    const high = autoscaler({
      metrics: [
        {
          type: "Resource",
          resource: { name: "cpu", target: { type: "Utilization", averageUtilization: 95 } },
        },
      ],
    });
    const raised = object("apps/v1:DeploymentPatch", "web", {
      spec: {
        template: { spec: { containers: [{ name: "web", resources: { limits: { cpu: "2" } } }] } },
      },
    });
    const REACH = "autoscaler-reachable-target";
    expect(await registrations([full, high, raised])).toEqual({
      [REACH]: [expect.stringMatching(/let the autoscaler depend on it$/)],
    });
    expect(await violations([full, raised, high, budget()])).toEqual({});
    const config = { [REACH]: { judgeAtRegistration: false } };
    expect(await violations([full, high, raised, budget()], { config })).toEqual({});
    run.updating = false;
    expect(await violations([full, high, raised, budget()])).toEqual({});
  });

  test("fixed replicas, a rival and a target out of reach are said at the autoscaler", async () => {
    const second = autoscaler({}, { name: "second" });
    const rival = {
      ...second,
      props: { ...second.props, metadata: { name: "second", namespace: "shop" } },
    };
    expect(await registrations([deployment(), autoscaler(), rival])).toHaveProperty([
      "autoscaler-conflicts",
    ]);
    expect(await registrations([deployment({}, {}, { replicas: 2 }), autoscaler()])).toHaveProperty(
      ["autoscaler-owns-replicas"],
    );
  });
});

describe("in a preview", () => {
  test("joins wait for the end, whatever the order", async () => {
    expect(await registrations([bare, autoscaler()])).toEqual({});
    expect((await violations([bare, autoscaler(), budget()]))[RULE]).toHaveLength(2);
  });

  test("what one resource shows is said when it is registered", async () => {
    const wrong = autoscaler({ minReplicas: 9 });
    expect(Object.keys(await registrations([wrong]))).toEqual(["autoscaler-bounds"]);
    const daemons = { apiVersion: "apps/v1", kind: "DaemonSet", name: "web" };
    expect(Object.keys(await registrations([autoscaler({ scaleTargetRef: daemons })]))).toEqual([
      RULE,
    ]);
  });
});
