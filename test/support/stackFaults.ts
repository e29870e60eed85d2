/** Single faults of a live stack, and what `verify` says of each. */
import { z } from "zod";
import {
  answer,
  autoscaler,
  GATEWAY_NAMESPACE,
  health,
  MODEL_NAMESPACE,
  PATHS,
  pod,
  slice,
  type Change,
  type LiveStack,
} from "./liveStack";

export const METRICS = "Metrics API answers";
export const REQUESTS = "Containers have requests";
export const AUTOSCALERS = "Autoscalers see metrics and can scale";
export const ENDPOINTS = "Every Service has an endpoint";
export const PODS = "Pods are ready";
export const SPREAD = "Gateway pods are on several nodes";
export const ANSWERS = "Gateway answers";
export const HEALTHY = "The gateway sees every model replica healthy";
export const COMPLETES = "Every model completes";
export const CACHE = "A repeated request comes from the cache";
export const REDIS_CHECK = "Redis is reachable";
export const FALLBACK = "The fallback answers for a model without replicas";

/** In the order in which they run. */
export const NAMES = [
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

export type Name = (typeof NAMES)[number];

export const add =
  (path: string, ...items: readonly unknown[]): Change =>
  ({ objects }) => {
    objects[path] = [...z.array(z.unknown()).parse(objects[path]), ...items];
  };
export const put =
  (path: string, value: unknown): Change =>
  ({ objects }) => {
    objects[path] = value;
  };
export const gets =
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
/** Every replica. */
export const ALL = ["a-0", "a-1", "a-2", "b-0", "b-1", "b-2"];
export const answeringAs =
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
export const FAULTS: readonly (readonly [Name, string, Change, string])[] = [
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
    answeringAs("a-0"),
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
    answeringAs("c-0"),
    'vllm/a without replicas answers 200 by c-0: {"id":"id-1"}',
  ],
];
