/** The checks of `verify` by their names, and the ways in which tests make a live stack wrong. */
import { z } from "zod";
import { GATEWAY_NAMESPACE, MODEL_NAMESPACE, PATHS, answer, pod } from "./liveObjects";
import type { Change, LiveStack } from "./liveStack";

export const METRICS = "Metrics API answers";
export const REQUESTS = "Containers have requests";
export const AUTOSCALERS = "Autoscalers see metrics and can scale";
export const ENDPOINTS = "Every Service has an endpoint";
export const PODS = "Pods are ready";
export const SPREAD = "Gateway pods are on several nodes";
export const KEDA = "KEDA is there, and owns external metrics";
export const READS = "KEDA reads what the autoscalers ask for";
export const SCALES = "ScaledObjects scale";
export const TELLS = "Every pod tells its signals";
export const ALONE = "Each workload has one autoscaler";
export const ANSWERS = "Gateway answers";
export const HEALTHY = "The gateway sees every model replica healthy";
export const COMPLETES = "Every model completes";
export const CACHE = "A repeated request comes from the cache";
export const REDIS_CHECK = "Redis is reachable";
export const CONNECTED = "The database is connected, and migrated";
export const KEY = "A key is made, served, charged and deleted";
export const FALLBACK = "The fallback answers for a model without replicas";

/** In the order in which they run. */
export const NAMES = [
  METRICS,
  REQUESTS,
  AUTOSCALERS,
  ENDPOINTS,
  PODS,
  SPREAD,
  KEDA,
  READS,
  SCALES,
  TELLS,
  ALONE,
  ANSWERS,
  HEALTHY,
  COMPLETES,
  CACHE,
  REDIS_CHECK,
  CONNECTED,
  KEY,
  FALLBACK,
] as const;

/** Those that only a stack has that scales on requests. */
export const OF_REQUESTS: readonly Name[] = [KEDA, READS, SCALES, TELLS];

export type Name = (typeof NAMES)[number];

/** One fault: the check that names it, what is wrong, how, and what the check says. */
export type Fault = readonly [Name, string, Change, string];

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
export const posts =
  (path: string, said: LiveStack["posts"][string]): Change =>
  (stack) => {
    stack.posts[path] = said;
  };
export const gatewayPod = (name: string, changes: Parameters<typeof pod>[2] = {}) =>
  add(PATHS.pods(GATEWAY_NAMESPACE), pod(name, "gateway", changes));
export const modelPod = (name: string, changes: Parameters<typeof pod>[2] = {}) =>
  add(PATHS.pods(MODEL_NAMESPACE), pod(name, "server", { namespace: MODEL_NAMESPACE, ...changes }));
export const notReady = { type: "Ready", status: "False" };
export const waiting = (reason: string) => [
  { name: "main", restartCount: 0, state: { waiting: { reason } } },
];
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
