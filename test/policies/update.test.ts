import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { run } from "../../policies/factory/run";
import { object } from "./corpus/case";
import { autoscaler, budget, container, deployment } from "./fixtures";
import { violations, type TestResource } from "./support";

const RULE = "autoscaler-target-requests";
const bare = deployment({ containers: [container({ resources: {} })] });
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

  test("what completes the requests must come before, unless the parameter says otherwise", async () => {
    const defaults = object("core/v1:LimitRange", "defaults", {
      spec: { limits: [{ type: "Container", defaultRequest: { cpu: "1", memory: "1Gi" } }] },
    });
    expect(await registrations([defaults, bare, autoscaler()])).toEqual({});
    const late = [bare, autoscaler(), defaults];
    expect(Object.keys(await registrations(late))).toEqual([RULE]);
    expect(await registrations(late, { judgeAtRegistration: false })).toEqual({});
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
