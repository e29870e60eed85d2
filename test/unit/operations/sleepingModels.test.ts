/** `verify` on a stack whose models sleep: nobody is woken, and nothing is called broken that sleeps. */
import { describe, expect, test, vi } from "vitest";
import { projectLabels } from "../../../domain/labels";
import { CHECKS } from "../../../operations/verify/verify";
import {
  autoscaler,
  MODEL_NAMESPACE,
  PATHS,
  answer,
  health,
  pod,
  routing,
} from "../../support/liveObjects";
import { verified, type Change } from "../../support/liveStack";
import { asleep, modelObject, SCALING_PATHS, withoutKeda } from "../../support/scaledStack";
import {
  add,
  AUTOSCALERS,
  CACHE,
  COMPLETES,
  ENDPOINTS,
  FALLBACK,
  gets,
  HEALTHY,
  KEY,
  modelPod,
  NAMES,
  notReady,
  OF_REQUESTS,
  PODS,
  put,
  SCALES,
  TELLS,
  waiting,
  type Name,
} from "../../support/stackChecks";

// A check that asks again does so at once.
vi.mock("node:timers/promises", () => ({ setTimeout: () => Promise.resolve() }));

const run = (name: Name, ...changes: readonly Change[]) => {
  const check = CHECKS.find((each) => each.name === name);
  if (check === undefined) {
    throw new Error(`there is no check ${name}`);
  }
  return verified(check, (stack) => {
    changes.forEach((change) => {
      change(stack);
    });
  });
};

const undisturbed: Change = (stack) => {
  stack.disturb = false;
};
/** What the gateway finds of `a` when it sleeps: its entries, unhealthy. */
const entries = gets("/health", health(["b-0", "b-1", "b-2"], ["a-0", "a-1", "a-2"]));
const sleeping: readonly Change[] = [asleep("a"), entries, undisturbed];

describe.each(NAMES)("with a model that sleeps, %s", (name) => {
  test("does not fail", async () => {
    const { finding, events } = await run(name, ...sleeping);
    expect(finding).not.toMatchObject({ status: "fail" });
    expect(events.filter((event) => event.startsWith("a asked"))).toEqual([]);
  });
});

test.each([AUTOSCALERS, ENDPOINTS, PODS, HEALTHY] as const)("%s says who sleeps", async (name) => {
  expect((await run(name, ...sleeping)).finding.seen).toContain("; asleep: a");
});

test("its bounds and its sleep are seen", async () => {
  expect((await run(SCALES, ...sleeping)).finding.seen).toContain("a asleep (0-4)");
});

test("who does not answer because it sleeps is not asked for its signals", async () => {
  // Of a model that may sleep the gateway tells; one that somebody configured otherwise has nothing to tell.
  const { finding } = await run(TELLS, ...sleeping);
  expect(finding).toMatchObject({ status: "pass", seen: "5 pods, 5 signals" });
});

describe("the completions", () => {
  test("leave a model asleep, and say so", async () => {
    const { finding, events } = await run(COMPLETES, ...sleeping);
    expect(finding).toMatchObject({
      status: "pass",
      seen: "vllm/b; asleep, and not asked, which would wake them (--disturb): vllm/a",
    });
    expect(events).toEqual(["b asked with 3 replicas"]);
  });

  test.each<[string, Change, string]>([
    [
      "its fallback answers",
      (stack) => {
        stack.ready.a = 0;
      },
      "vllm/a (wakes; b-1 answers)",
    ],
    [
      "it has none, and says when to come back",
      (stack) => {
        const { complete } = stack;
        stack.complete = (model, prompt) =>
          model === "vllm/a"
            ? answer(503, "asleep", { "retry-after": "20" })
            : complete(model, prompt);
      },
      "vllm/a (wakes; asks to come back in 20 s)",
    ],
  ])("wake it with --disturb, where %s", async (_what, change, seen) => {
    const { finding } = await run(COMPLETES, asleep("a"), change);
    expect(finding.status).toBe("pass");
    expect(finding.seen).toContain(seen);
  });

  test("fail where a model that wakes answers with an error all the same", async () => {
    const { finding } = await run(COMPLETES, asleep("a"), (stack) => {
      stack.complete = (model) => answer(model === "vllm/a" ? 503 : 200, "no");
    });
    expect(finding).toMatchObject({ status: "fail" });
    expect(finding.seen).toContain("vllm/a answers 503");
  });

  test("fail where a fallback answers for a model that runs", async () => {
    const { finding } = await run(COMPLETES, asleep("b"), undisturbed, (stack) => {
      stack.ready.a = 0;
    });
    expect(finding.seen).toContain("vllm/a was answered by its fallback");
  });
});

describe("the check of the fallback", () => {
  test("leaves a model alone whose fallback sleeps, and says so", async () => {
    const { finding, events } = await run(FALLBACK, asleep("b"));
    expect(finding).toMatchObject({
      status: "skipped",
      seen: "not asked, for the fallback sleeps: vllm/a to vllm/b",
    });
    expect(events).toEqual([]);
  });

  test("asks the others all the same", async () => {
    const { finding } = await run(
      FALLBACK,
      asleep("b"),
      put(PATHS.routing, routing([{ "vllm/a": ["vllm/b"] }, { "vllm/b": ["vllm/a"] }])),
      (stack) => {
        stack.complete = () => answer(200, {}, { "x-litellm-model-id": "a-1" });
        stack.ready.b = 0;
      },
    );
    expect(finding).toMatchObject({ status: "pass" });
    expect(finding.seen).toBe(
      "vllm/b to vllm/a; not asked, for the fallback sleeps: vllm/a to vllm/b",
    );
  });
});

test.each([CACHE, COMPLETES, KEY] as const)(
  "%s wakes nobody where every model sleeps",
  async (name) => {
    const { finding, events } = await run(name, asleep("a"), asleep("b"), undisturbed);
    expect(finding.status).toBe("skipped");
    expect(finding.seen).toContain("asleep");
    expect(events).toEqual([]);
  },
);

test.each([CACHE, KEY] as const)("%s asks a model that runs", async (name) => {
  const { finding, events } = await run(name, ...sleeping);
  expect(finding.status).toBe("pass");
  expect(events.every((event) => event.startsWith("b asked"))).toBe(true);
});

describe("a model that wakes", () => {
  const created = (secondsAgo: number) => ({
    creationTimestamp: new Date(Date.now() - secondsAgo * 1000).toISOString(),
    labels: { ...projectLabels("server"), "app.kubernetes.io/name": "a" },
  });
  const waking = (secondsAgo: number, status: Record<string, unknown>): readonly Change[] => [
    ...sleeping,
    put(PATHS.statefulSets(MODEL_NAMESPACE), [
      { metadata: { name: "a" }, spec: { replicas: 1 } },
      { metadata: { name: "b" }, spec: { replicas: 3 } },
    ]),
    modelPod("a-0", { status, more: created(secondsAgo) }),
  ];
  const unscheduled = {
    phase: "Pending",
    conditions: [{ type: "PodScheduled", status: "False", message: "no device" }],
  };

  test.each<[string, Record<string, unknown>]>([
    ["a node", unscheduled],
    ["its image", { phase: "Pending", containerStatuses: waiting("ContainerCreating") }],
    ["its weights", { phase: "Running", conditions: [notReady] }],
  ])("may wait for %s for minutes", async (_what, status) => {
    const { finding } = await run(PODS, ...waking(600, status));
    expect(finding.status).toBe("pass");
    expect(finding.seen).toContain("; waking: a");
  });

  test.each<[string, number, Record<string, unknown>]>([
    ["waits for a node for half an hour", 1800, unscheduled],
    ["cannot have its image", 60, { containerStatuses: waiting("ImagePullBackOff") }],
    [
      "was started again",
      60,
      { phase: "Running", conditions: [notReady], containerStatuses: [{ restartCount: 1 }] },
    ],
  ])("has a fault where it %s", async (_what, seconds, status) => {
    const { finding } = await run(PODS, ...waking(seconds, status));
    expect(finding.status).toBe("fail");
    expect(finding.seen).toContain("models/a-0");
  });
});

/** An autoscaler that is as old as given, without a status at first and with one afterwards. */
const anew =
  (seconds: number): Change =>
  ({ objects }) => {
    let looks = 0;
    const creationTimestamp = new Date(Date.now() - seconds * 1000).toISOString();
    Object.defineProperty(objects, PATHS.autoscalers(MODEL_NAMESPACE), {
      get: () => {
        looks += 1;
        const known = autoscaler("a-hpa");
        const metadata = { name: "a-hpa", creationTimestamp };
        return [{ ...known, metadata, status: looks > 1 ? known.status : {} }];
      },
    });
  };

test("an autoscaler that KEDA has just made anew is waited for", async () => {
  expect((await run(AUTOSCALERS, anew(5))).finding.status).toBe("pass");
});

test("one that nobody has looked at for minutes is a fault", async () => {
  const { finding } = await run(AUTOSCALERS, anew(300));
  expect(finding.seen).toContain("a-hpa: AbleToScale is unknown (no status yet)");
});

test("placeholders that wait for a node are no fault", async () => {
  const { finding } = await run(
    PODS,
    add(
      PATHS.pods(MODEL_NAMESPACE),
      pod("headroom-inf2-1", "headroom", { namespace: MODEL_NAMESPACE }),
      pod("headroom-inf2-2", "headroom", { namespace: MODEL_NAMESPACE, status: {} }),
    ),
  );
  expect(finding.status).toBe("pass");
  expect(finding.seen).toContain("2 of them placeholders (1 wait for a node)");
});

test("a model without replicas that may not sleep is a fault", async () => {
  const { finding } = await run(
    AUTOSCALERS,
    ...sleeping,
    put(SCALING_PATHS.scaledObjects(MODEL_NAMESPACE), [modelObject("a"), modelObject("b")]),
  );
  expect(finding.seen).toContain("a-hpa: ScalingActive is False (ScalingDisabled)");
});

test.each(OF_REQUESTS)("%s is skipped, with a reason, where CPU alone counts", async (name) => {
  const { finding } = await run(name, withoutKeda);
  expect(finding).toMatchObject({ status: "skipped" });
  expect(finding.seen).toContain("autoscaling.requests: off");
});
