/** Every check of `verify` on a live stack, and on one with a single fault. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test, vi } from "vitest";
import { GATEWAY, REDIS } from "../../../domain/names";
import { REPOSITORY } from "../../../local/control-plane/environment";
import type { Check } from "../../../operations/verify/check";
import { CHECKS, verify } from "../../../operations/verify/verify";
import { GatewayClient } from "../../../operations/stack/gatewayClient";
import { serveKubernetes } from "../../support/kubernetesApi";
import {
  answer,
  autoscaler,
  GATEWAY_NAMESPACE,
  health,
  MODEL_NAMESPACE,
  PATHS,
  pod,
  routing,
} from "../../support/liveObjects";
import { verified, type Change } from "../../support/liveStack";
import {
  add,
  ALL,
  ANSWERS,
  answeringAs,
  AUTOSCALERS,
  COMPLETES,
  CONNECTED,
  FALLBACK,
  gets,
  HEALTHY,
  NAMES,
  OF_REQUESTS,
  PODS,
  put,
  REDIS_CHECK,
  SCALES,
  type Name,
} from "../../support/stackChecks";
import { gatewayObject, READY, SCALING_PATHS, withoutKeda } from "../../support/scaledStack";
import { FAULTS } from "../../support/stackFaults";

// A check that asks again does so at once.
vi.mock("node:timers/promises", () => ({ setTimeout: () => Promise.resolve() }));

function check(name: Name): Check {
  const found = CHECKS.find((each) => each.name === name);
  if (found === undefined) {
    throw new Error(`there is no check ${name}`);
  }
  return found;
}

describe("verify", () => {
  test("runs the nineteen checks that the README tells of", () => {
    expect(CHECKS.map(({ name }) => name)).toEqual(NAMES);
    const readme = readFileSync(join(REPOSITORY, "README.md"), "utf8");
    expect(readme).toContain("operations verify              # nineteen checks");
    expect(NAMES).toHaveLength(19);
  });

  test("runs each of them, whatever the others find", async () => {
    const api = await serveKubernetes({});
    const gateway = new GatewayClient("http://127.0.0.1:1", "key");
    const results = await verify({
      config: api.config,
      namespace: GATEWAY_NAMESPACE,
      modelNamespace: MODEL_NAMESPACE,
      gateway,
      page: () => Promise.reject(new Error("there is no pod")),
      disturb: true,
      signal: new AbortController().signal,
    });
    await api.close();
    expect(results.map((result) => [result.check, result.status])).toEqual(
      NAMES.map((name) => [name, OF_REQUESTS.includes(name) ? "skipped" : "fail"]),
    );
  });
});

describe.each(NAMES)("%s:", (name) => {
  test("passes on a good stack", async () => {
    const { finding } = await verified(check(name));
    expect(finding).toMatchObject({ status: "pass" });
  });

  test.each(FAULTS.filter(([of]) => of === name))(
    "%s: fails where %s",
    async (_name, _what, change, seen) => {
      const { finding } = await verified(check(name), change);
      expect(finding.status).toBe("fail");
      expect(finding.seen).toContain(seen);
      expect(finding.remedy).toMatch(/\w/);
    },
  );
});

test("a Job of the migrations that somebody removed is no failure, and is said", async () => {
  const { finding } = await verified(check(CONNECTED), put(PATHS.jobs, []));
  expect(finding).toMatchObject({ status: "warn" });
  expect(finding.seen).toContain("is gone");
});

describe("the check of the pods", () => {
  const running = (ready: string, restartCount = 0) => ({
    phase: "Running",
    conditions: [{ type: "Ready", status: ready }],
    containerStatuses: [{ name: "main", ready: ready === "True", restartCount }],
  });
  /** A gateway pod that is as old as given, not ready at first, and ready afterwards. */
  const starting =
    (seconds: number, restarts = 0): Change =>
    ({ objects }) => {
      let asked = 0;
      const creationTimestamp = new Date(Date.now() - seconds * 1000).toISOString();
      Object.defineProperty(objects, PATHS.pods(GATEWAY_NAMESPACE), {
        get: () => {
          asked += 1;
          const status = asked > 1 ? running("True") : running("False", restarts);
          return [pod("g", "gateway", { status, more: { creationTimestamp } })];
        },
      });
    };

  test("waits for one that an autoscaler has only just added", async () => {
    expect((await verified(check(PODS), starting(5))).finding.status).toBe("pass");
  });

  test.each([
    ["has had its time", starting(600)],
    ["was started again", starting(5, 1)],
  ])("does not wait for one that %s", async (_what, change) => {
    const { finding } = await verified(check(PODS), change);
    expect(finding).toMatchObject({ status: "fail" });
    expect(finding.seen).toContain("chat/g: Running, not ready");
  });
});

test("a ScaledObject that KEDA's operator is only just looking at is waited for", async () => {
  const path = SCALING_PATHS.scaledObjects(GATEWAY_NAMESPACE);
  const looking: Change = ({ objects }) => {
    let asked = 0;
    Object.defineProperty(objects, path, {
      get: () => {
        asked += 1;
        return [
          gatewayObject({
            conditions: asked > 2 ? [READY] : [{ type: "Ready", status: "Unknown" }],
          }),
        ];
      },
    });
  };
  expect((await verified(check(SCALES), looking)).finding.status).toBe("pass");
});

describe("the check of the model replicas", () => {
  test("asks again while the gateway's last check may be older than the replica", async () => {
    const { finding } = await verified(check(HEALTHY), (stack) => {
      stack.objects[PATHS.routing] = routing([], 3600);
      gets("/health", health([], ALL), health([], ALL), health())(stack);
    });
    expect(finding.status).toBe("pass");
  });

  test("lets entries without a pod be unhealthy: there is one for each possible replica", async () => {
    const { finding } = await verified(
      check(HEALTHY),
      gets("/health", health(ALL, ["a-3", "b-3"])),
    );
    expect(finding.status).toBe("pass");
  });
});

describe("the check of the fallback", () => {
  test("asks once no replica is left, and gives back all that there were", async () => {
    const { finding, events, ready } = await verified(check(FALLBACK));
    expect(finding.status).toBe("pass");
    expect(events).toEqual([
      "a paused",
      "a scaled to 0",
      "a asked with 0 replicas",
      "a scaled to 3",
      "a goes on",
    ]);
    expect(ready).toEqual({ a: 3, b: 3 });
  });

  test.each<[string, Change]>([
    ["the fallback does not answer", answeringAs("c-0")],
    [
      "the gateway cannot be reached",
      (stack) => {
        stack.complete = () => {
          throw new Error("cannot be reached");
        };
      },
    ],
  ])("gives the replicas back where %s", async (_what, change) => {
    const { finding, events, ready } = await verified(check(FALLBACK), change);
    expect(finding.status).toBe("fail");
    expect(events.slice(-2)).toEqual(["a scaled to 3", "a goes on"]);
    expect(ready.a).toBe(3);
  });

  test("gives the replicas back where it is interrupted before all are gone", async () => {
    const { finding, events } = await verified(check(FALLBACK), (stack) => {
      stack.interrupted = true;
      stack.settle = () => 3;
    });
    expect(finding).toMatchObject({
      status: "fail",
      seen: "interrupted; a is given its 3 replicas back",
    });
    expect(events).toEqual(["a paused", "a scaled to 0", "a scaled to 3", "a goes on"]);
  });

  test("takes nothing away before KEDA has paused", async () => {
    const { finding, events } = await verified(check(FALLBACK), (stack) => {
      stack.pausing = false;
      stack.interrupted = true;
    });
    expect(finding).toMatchObject({ status: "fail", seen: "interrupted; KEDA goes on with a" });
    expect(events).toEqual(["a paused", "a goes on"]);
  });

  test("pauses nobody where nothing but Kubernetes scales", async () => {
    const { finding, events } = await verified(check(FALLBACK), withoutKeda);
    expect(finding.status).toBe("pass");
    expect(events).toEqual(["a scaled to 0", "a asked with 0 replicas", "a scaled to 3"]);
  });

  test("does not pass while replicas are missing", async () => {
    const { finding } = await verified(check(FALLBACK), (stack) => {
      stack.interrupted = true;
      stack.settle = (_ready, wanted) => Math.min(wanted, 2);
    });
    expect(finding.status).toBe("fail");
  });

  test.each<[string, Change]>([
    [
      "that nobody asked for",
      (stack) => {
        stack.disturb = false;
      },
    ],
    ["of a stack without fallbacks", put(PATHS.routing, routing([]))],
  ])("%s touches nothing", async (_what, change) => {
    const { finding, events } = await verified(check(FALLBACK), change);
    expect(finding.status).toBe("skipped");
    expect(events).toEqual([]);
  });
});

describe("what to do names the stack's own objects:", () => {
  const down = (path: string) => gets(path, answer(503, "no"));
  test.each<[Name, Change, string]>([
    [ANSWERS, down("/health/readiness"), `kubectl -n chat logs deployment/${GATEWAY}`],
    [HEALTHY, down("/health"), `kubectl -n chat logs deployment/${GATEWAY}`],
    [HEALTHY, gets("/health", answer(200, {})), "kubectl -n models logs POD"],
    [COMPLETES, down("/v1/models"), `kubectl -n chat rollout restart deployment/${GATEWAY}`],
    [REDIS_CHECK, down("/cache/ping"), `kubectl -n chat describe pod ${REDIS}-0`],
    [
      AUTOSCALERS,
      add(PATHS.autoscalers(GATEWAY_NAMESPACE), autoscaler("h", "False")),
      "kubectl describe hpa -n chat, and -n models",
    ],
  ])("%s", async (name, change, remedy) => {
    const { finding } = await verified(check(name), change);
    expect(finding.remedy).toContain(remedy);
  });

  test("no pod is named for a managed Redis", async () => {
    const { finding } = await verified(check(REDIS_CHECK), (stack) => {
      stack.objects[PATHS.stores] = [];
      down("/cache/ping")(stack);
    });
    expect(finding.remedy).toMatch(/managed cache/);
    expect(finding.remedy).not.toContain(REDIS);
  });

  test("none names a default namespace", async () => {
    for (const [name, , change] of FAULTS) {
      const { remedy } = (await verified(check(name), change)).finding;
      expect(remedy ?? "").not.toMatch(/-n (litellm|vllm)/);
    }
  });
});
