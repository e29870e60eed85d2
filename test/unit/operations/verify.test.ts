/** Every check of `verify` on a live stack, and on one with a single fault. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test, vi } from "vitest";
import { z } from "zod";
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
  slice,
  verified,
  type Change,
  type LiveStack,
} from "../../support/liveStack";

// A check that asks again does so at once.
vi.mock("node:timers/promises", () => ({ setTimeout: () => Promise.resolve() }));

const METRICS = "Metrics API answers";
const REQUESTS = "Containers have requests";
const AUTOSCALERS = "Autoscalers see metrics and can scale";
const ENDPOINTS = "Every Service has an endpoint";
const PODS = "Pods are ready";
const SPREAD = "Gateway pods are on several nodes";
const ANSWERS = "Gateway answers";
const HEALTHY = "The gateway sees every model replica healthy";
const COMPLETES = "Every model completes";
const CACHE = "A repeated request comes from the cache";
const REDIS_CHECK = "Redis is reachable";
const FALLBACK = "The fallback answers for a model without replicas";

/** In the order in which they run. */
const NAMES = [
  METRICS,
  REQUESTS,
  AUTOSCALERS,
  ENDPOINTS,
  PODS,
  SPREAD,
  ANSWERS,
  HEALTHY,
  COMPLETES,
  CACHE,
  REDIS_CHECK,
  FALLBACK,
] as const;

type Name = (typeof NAMES)[number];

function check(name: Name): Check {
  const found = CHECKS.find((each) => each.name === name);
  if (found === undefined) {
    throw new Error(`there is no check ${name}`);
  }
  return found;
}

const add =
  (path: string, ...items: readonly unknown[]): Change =>
  ({ objects }) => {
    objects[path] = [...z.array(z.unknown()).parse(objects[path]), ...items];
  };
const put =
  (path: string, value: unknown): Change =>
  ({ objects }) => {
    objects[path] = value;
  };
const gets =
  (path: string, ...answers: LiveStack["gets"][string]): Change =>
  (stack) => {
    stack.gets[path] = answers;
  };
const gatewayPod = (name: string, changes: Parameters<typeof pod>[2] = {}) =>
  add(PATHS.pods(GATEWAY_NAMESPACE), pod(name, "gateway", changes));
const modelPod = (name: string, changes: Parameters<typeof pod>[2] = {}) =>
  add(PATHS.pods(MODEL_NAMESPACE), pod(name, "server", { namespace: MODEL_NAMESPACE, ...changes }));
const notReady = { type: "Ready", status: "False" };
const waiting = (reason: string) => [{ name: "main", state: { waiting: { reason } } }];
const ALL = ["a-0", "a-1", "a-2", "b-0", "b-1", "b-2"];
const ANSWERING_AS =
  (...replicas: readonly string[]): Change =>
  (stack) => {
    let asked = 0;
    stack.complete = () => {
      const replica = replicas[Math.min(asked, replicas.length - 1)] ?? "";
      asked += 1;
      return answer(200, { id: `id-${asked}` }, { "x-litellm-model-id": replica });
    };
  };

/** One fault each, and what the check says of it. */
const FAULTS: readonly (readonly [Name, string, Change, string])[] = [
  [METRICS, "no pod has any", put(PATHS.metrics, []), "no pod of chat has metrics"],
  [METRICS, "it is not served", put(PATHS.metrics, undefined), "metrics.k8s.io does not answer"],
  [
    REQUESTS,
    "a container of the gateway names no memory",
    gatewayPod("g", { containers: [{ name: "c", resources: { requests: { cpu: "1" } } }] }),
    "chat/g: container c requests no memory",
  ],
  [
    REQUESTS,
    "a second container of a model names no CPU",
    modelPod("m", {
      containers: [
        { name: "main", resources: { requests: { cpu: "1", memory: "1Gi" } } },
        { name: "side", resources: { requests: { memory: "1Gi" } } },
      ],
    }),
    "models/m: container side requests no cpu",
  ],
  [
    AUTOSCALERS,
    "there is none",
    (stack) => {
      put(PATHS.autoscalers(GATEWAY_NAMESPACE), [])(stack);
      put(PATHS.autoscalers(MODEL_NAMESPACE), [])(stack);
    },
    "there is no HorizontalPodAutoscaler",
  ],
  [
    AUTOSCALERS,
    "the gateway's cannot scale",
    add(PATHS.autoscalers(GATEWAY_NAMESPACE), autoscaler("h", "False")),
    "h: AbleToScale is False (A)",
  ],
  [
    AUTOSCALERS,
    "a model's sees no metrics",
    add(PATHS.autoscalers(MODEL_NAMESPACE), autoscaler("h", "True", "False")),
    "h: ScalingActive is False (S)",
  ],
  [
    AUTOSCALERS,
    "one has not looked yet",
    add(PATHS.autoscalers(MODEL_NAMESPACE), { metadata: { name: "h" }, spec: {}, status: {} }),
    "h: AbleToScale is unknown (no status yet); h: ScalingActive is unknown (no status yet)",
  ],
  [
    ENDPOINTS,
    "there is no Service",
    (stack) => {
      put(PATHS.services(GATEWAY_NAMESPACE), [])(stack);
      put(PATHS.services(MODEL_NAMESPACE), [])(stack);
    },
    "no Service of the platform in chat and models",
  ],
  [
    ENDPOINTS,
    "none of the gateway's is ready",
    put(PATHS.slices(GATEWAY_NAMESPACE), [slice("litellm", false), slice("other", true)]),
    "chat/litellm has no ready endpoint",
  ],
  [
    ENDPOINTS,
    "a model's slice is empty, and another's is not there",
    put(PATHS.slices(MODEL_NAMESPACE), [{ ...slice("a"), endpoints: null }]),
    "models/a has no ready endpoint; models/b has no ready endpoint",
  ],
  [
    PODS,
    "the gateway's is not ready",
    gatewayPod("g", { status: { phase: "Running", conditions: [notReady] } }),
    "chat/g: Running, not ready, 0 restarts",
  ],
  [
    PODS,
    "a model's image is not there",
    modelPod("m", {
      status: { conditions: [notReady], containerStatuses: waiting("ImagePullBackOff") },
    }),
    "models/m: ImagePullBackOff",
  ],
  [
    PODS,
    "its first container waits",
    modelPod("m", { status: { initContainerStatuses: waiting("CrashLoopBackOff") } }),
    "models/m: CrashLoopBackOff",
  ],
  [
    PODS,
    "no node has room for a model",
    modelPod("m", {
      status: {
        conditions: [notReady, { type: "PodScheduled", status: "False", message: "no device" }],
      },
    }),
    "models/m: not scheduled: no device",
  ],
  [
    SPREAD,
    "there is one",
    put(PATHS.pods(GATEWAY_NAMESPACE), [pod("g", "gateway"), pod("r", "redis")]),
    "1 gateway pods",
  ],
  [
    SPREAD,
    "all share a node",
    put(PATHS.pods(GATEWAY_NAMESPACE), [
      pod("g-1", "gateway"),
      pod("g-2", "gateway"),
      pod("r", "redis", { node: "node-2" }),
    ]),
    "all 2 pods are on one node",
  ],
  [
    ANSWERS,
    "it is not ready",
    gets("/health/readiness", answer(503, "no database")),
    'http://gateway.test answers 503: "no database"',
  ],
  [HEALTHY, "it does not say", gets("/health", answer(500, "no")), 'GET /health answers 500: "no"'],
  [
    HEALTHY,
    "a ready replica stays unhealthy",
    gets("/health", health(ALL.slice(1), ["a-0"])),
    "a-0 is ready, and the gateway's check of it fails",
  ],
  [
    HEALTHY,
    "a ready replica has no entry",
    gets("/health", health(ALL.slice(1))),
    "a-0 has no entry in the routing: it gets no requests",
  ],
  [
    HEALTHY,
    "a model has no ready pod",
    gets("/health", health(ALL, ["c-0"])),
    "c has no ready pod",
  ],
  [
    HEALTHY,
    "it has checked none",
    gets("/health", answer(200, {})),
    "the gateway has not checked any replica yet",
  ],
  [
    COMPLETES,
    "the key is refused",
    gets("/v1/models", answer(401, "key")),
    'GET /v1/models answers 401: "key"',
  ],
  [
    COMPLETES,
    "no model is served",
    gets("/v1/models", answer(200, { data: [] })),
    "the gateway serves no model",
  ],
  [
    COMPLETES,
    "the second one fails",
    (stack) => {
      const { complete } = stack;
      stack.complete = (model, prompt) =>
        model === "vllm/b" ? answer(500, "died") : complete(model, prompt);
    },
    'vllm/b answers 500: "died"',
  ],
  [
    COMPLETES,
    "a fallback answers",
    (stack) => {
      stack.ready.a = 0;
    },
    "vllm/a was answered by its fallback b-1",
  ],
  [
    CACHE,
    "both requests were served by a model",
    ANSWERING_AS("a-0"),
    "the second of two equal requests was not answered by the cache",
  ],
  ...([0, 1] as const).map((failing): readonly [Name, string, Change, string] => [
    CACHE,
    `completion ${failing + 1} fails`,
    (stack) => {
      let asked = 0;
      stack.complete = () => answer(asked++ === failing ? 500 : 200, { id: "same" });
    },
    `vllm/a answers ${failing === 0 ? "500, then 200" : "200, then 500"}`,
  ]),
  [
    REDIS_CHECK,
    "it does not answer",
    gets("/cache/ping", answer(503, "gone")),
    'GET /cache/ping answers 503: "gone"',
  ],
  [
    FALLBACK,
    "nobody answers",
    (stack) => {
      stack.complete = () => answer(503, "no replica");
    },
    'vllm/a without replicas answers 503 by unknown: "no replica"',
  ],
  [
    FALLBACK,
    "an error carries the fallback's name",
    (stack) => {
      stack.complete = () => answer(500, "x", { "x-litellm-model-id": "b-0" });
    },
    'vllm/a without replicas answers 500 by b-0: "x"',
  ],
  [
    FALLBACK,
    "another model answers",
    ANSWERING_AS("c-0"),
    'vllm/a without replicas answers 200 by c-0: {"id":"id-1"}',
  ],
];

describe("verify", () => {
  test("runs the twelve checks that the README tells of", () => {
    expect(CHECKS.map(({ name }) => name)).toEqual(NAMES);
    const readme = readFileSync(join(REPOSITORY, "README.md"), "utf8");
    expect(readme).toContain("operations verify              # twelve checks");
    expect(NAMES).toHaveLength(12);
  });

  test("runs each of them, whatever the others find", async () => {
    const api = await serveKubernetes({});
    const gateway = new GatewayClient("http://127.0.0.1:1", "key");
    const results = await verify({
      config: api.config,
      namespace: GATEWAY_NAMESPACE,
      modelNamespace: MODEL_NAMESPACE,
      gateway,
      disturb: true,
      signal: new AbortController().signal,
    });
    await api.close();
    expect(results.map((result) => [result.check, result.status])).toEqual(
      NAMES.map((name) => [name, "fail"]),
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
    expect(events).toEqual(["a scaled to 0", "a asked with 0 replicas", "a scaled to 3"]);
    expect(ready).toEqual({ a: 3, b: 3 });
  });

  test.each<[string, Change]>([
    ["the fallback does not answer", ANSWERING_AS("c-0")],
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
    expect(events.at(-1)).toBe("a scaled to 3");
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
    expect(events).toEqual(["a scaled to 0", "a scaled to 3"]);
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
