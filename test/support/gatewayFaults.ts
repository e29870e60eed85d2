/** Single faults of what the gateway's own API tells. */
import { answer, health, MADE_TOKEN, PATHS } from "./liveObjects";
import {
  ALL,
  ANSWERS,
  answeringAs,
  CACHE,
  COMPLETES,
  CONNECTED,
  FALLBACK,
  gets,
  HEALTHY,
  KEY,
  posts,
  put,
  REDIS_CHECK,
  type Fault,
} from "./stackChecks";

export const GATEWAY_FAULTS: readonly Fault[] = [
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
  ...([0, 1] as const).map((failing): Fault => [
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
    CONNECTED,
    "it is away",
    gets("/health/readiness", answer(503, { db: "Not connected" })),
    "the gateway says: Not connected",
  ],
  [
    CONNECTED,
    "the gateway says nothing of it",
    gets("/health/readiness", answer(200, "ok")),
    'the gateway says: 200 "ok"',
  ],
  [
    CONNECTED,
    "its migrations have not ended",
    put(PATHS.jobs, [{ metadata: { name: "litellm-migrations" }, status: { failed: 1 } }]),
    "the Job litellm-migrations has not ended well",
  ],
  [
    KEY,
    "none can be made",
    posts("/key/generate", answer(500, "no")),
    'generate answers 500: "no"',
  ],
  [
    KEY,
    "the key is not served",
    (stack) => {
      stack.complete = () => answer(403, "not you");
    },
    'a completion with a new key answers 403: "not you"',
  ],
  [
    KEY,
    "a completion costs nothing",
    (stack) => {
      stack.complete = () => answer(200, { id: "a" }, { "x-litellm-response-cost": "0" });
    },
    "a completion of vllm/a costs 0: no budget will ever be used up",
  ],
  [
    KEY,
    "a key that nobody made is served, too",
    (stack) => {
      stack.stranger = answer(200, { data: [] });
    },
    "a key that nobody made answers 200",
  ],
  [
    KEY,
    "its spend is not written",
    (stack) => {
      gets(`/key/info?key=${MADE_TOKEN}`, answer(200, { info: { spend: 0.1 } }))(stack);
      stack.interrupted = true;
    },
    "a completion cost 0.5, and the database says 0.1 for its key",
  ],
  [KEY, "it stays", posts("/key/delete", answer(500, "no")), 'POST /key/delete answers 500: "no"'],
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
