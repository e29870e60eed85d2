import { chmod, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { FORGETFUL, memoryOf } from "../../policies/factory/memory";
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
    run.memory = FORGETFUL;
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

  test.each([
    [
      "a LimitRange",
      object("core/v1:LimitRange", "defaults", {
        spec: { limits: [{ type: "Container", defaultRequest: { cpu: "1", memory: "1Gi" } }] },
      }),
    ],
    [
      "a patch",
      object("apps/v1:DeploymentPatch", "web", {
        spec: {
          template: {
            spec: {
              containers: [{ name: "web", resources: { requests: { cpu: "1", memory: "1Gi" } } }],
            },
          },
        },
      }),
    ],
  ])("%s that comes last is known from the preview before", async (_what, late) => {
    const parent = await mkdtemp(join(tmpdir(), "memory-"));
    const stack = [bare, autoscaler(), late, budget()];
    run.updating = false;
    run.memory = memoryOf("acme/shop/test", parent);
    expect(await violations(stack)).toEqual({});
    run.updating = true;
    run.memory = memoryOf("acme/shop/test", parent);
    expect(await violations(stack)).toEqual({});
    // Another program than was previewed, another stack, a later preview that found it wrong.
    const other = deployment({
      containers: [container({ resources: { limits: { memory: "1Gi" } } })],
    });
    expect(Object.keys(await registrations([other, autoscaler()]))).toEqual([RULE]);
    run.memory = memoryOf("acme/shop/other", parent);
    expect(Object.keys(await registrations([bare, autoscaler()]))).toEqual([RULE]);
    run.updating = false;
    run.memory = memoryOf("acme/shop/test", parent);
    await violations([bare, autoscaler(), budget()]);
    run.updating = true;
    run.memory = memoryOf("acme/shop/test", parent);
    expect(Object.keys(await registrations([bare, autoscaler()]))).toEqual([RULE]);
    await rm(parent, { recursive: true });
  });

  test("a limit that a patch raises last is known from the preview before", async () => {
    const parent = await mkdtemp(join(tmpdir(), "memory-"));
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
    const stack = [full, high, raised, budget()];
    expect(await registrations(stack)).toHaveProperty(["autoscaler-reachable-target"]);
    run.updating = false;
    run.memory = memoryOf("acme/shop/test", parent);
    expect(await violations(stack)).toEqual({});
    run.updating = true;
    expect(await violations(stack)).toEqual({});
    await rm(parent, { recursive: true });
  });

  test("a directory that others can write to is no memory", async () => {
    const parent = await mkdtemp(join(tmpdir(), "memory-"));
    const memory = memoryOf("acme/shop/test", parent);
    memory.keep(RULE, []);
    expect(await readdir(parent)).toEqual([]);
    memory.keep(RULE, ["a"]);
    const [directory = ""] = await readdir(parent);
    expect(memoryOf("acme/shop/test", parent).has(RULE, "a")).toBe(true);
    await chmod(join(parent, directory), 0o777);
    expect(memoryOf("acme/shop/test", parent).has(RULE, "a")).toBe(false);
    memoryOf("acme/shop/test", join(parent, "absent", "file")).keep(RULE, ["a"]);
    await rm(parent, { recursive: true });
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
