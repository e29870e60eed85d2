/** Single faults of request scaling, and what `verify` says of each. */
import { GATEWAY } from "../../domain/names";
import { SIGNALS_PORT, SIGNALS_SERVICE } from "../../domain/gatewaySignals";
import { FORMULA_METRIC } from "../../operations/stack/scaledObjects";
import {
  autoscaler,
  GATEWAY_NAMESPACE,
  MODEL_NAMESPACE,
  PATHS,
  podSlice,
  slice,
} from "./liveObjects";
import type { Change } from "./liveStack";
import {
  apiService,
  FALLBACK_HOLDS,
  gatewayObject,
  modelObject,
  READY,
  SCALING_PATHS,
  scrape,
  withoutKeda,
} from "./scaledStack";
import { add, ALONE, KEDA, put, READS, SCALES, TELLS, type Fault } from "./stackChecks";

const models = (...objects: readonly object[]): Change =>
  put(SCALING_PATHS.scaledObjects(MODEL_NAMESPACE), objects);
const gateway = (changes: Parameters<typeof gatewayObject>[0]): Change =>
  put(SCALING_PATHS.scaledObjects(GATEWAY_NAMESPACE), [gatewayObject(changes)]);
const signals = (...slices: readonly object[]): Change =>
  put(PATHS.slices(GATEWAY_NAMESPACE), [slice("litellm", true), ...slices]);
const page =
  (changed: string, answer: () => string): Change =>
  (stack) => {
    stack.page = async (pod, path) => (pod.name === changed ? answer() : scrape(pod, path));
  };

export const SCALING_FAULTS: readonly Fault[] = [
  [
    KEDA,
    "the cluster does not know ScaledObjects",
    (stack) => {
      put(SCALING_PATHS.definitions, undefined)(stack);
      put(SCALING_PATHS.scaledObjects(GATEWAY_NAMESPACE), undefined)(stack);
      put(SCALING_PATHS.scaledObjects(MODEL_NAMESPACE), undefined)(stack);
    },
    "the cluster does not know keda.sh/v1alpha1 ScaledObject",
  ],
  [
    KEDA,
    "somebody deleted the ScaledObjects",
    (stack) => {
      put(SCALING_PATHS.scaledObjects(GATEWAY_NAMESPACE), [])(stack);
      models()(stack);
    },
    "there is no ScaledObject in chat and models",
  ],
  [
    KEDA,
    "nobody serves external metrics",
    put(SCALING_PATHS.apiService, undefined),
    "nobody serves v1beta1.external.metrics.k8s.io",
  ],
  [
    KEDA,
    "another adapter does",
    put(SCALING_PATHS.apiService, apiService(undefined, "prometheus-adapter")),
    "belongs to keda/prometheus-adapter, not to KEDA",
  ],
  [
    KEDA,
    "its adapter is gone",
    put(
      SCALING_PATHS.apiService,
      apiService({
        type: "Available",
        status: "False",
        reason: "FailedDiscoveryCheck",
        message: "connection refused",
      }),
    ),
    "is not available (FailedDiscoveryCheck): connection refused",
  ],
  [
    READS,
    "nobody answers for one metric",
    put(SCALING_PATHS.metric(MODEL_NAMESPACE, FORMULA_METRIC), undefined),
    "models/a, composite-metric: the API server finds no metrics adapter",
  ],
  [
    READS,
    "it has no value",
    put(SCALING_PATHS.metric(GATEWAY_NAMESPACE, "s1-metric-api-requests"), { items: [] }),
    "chat/litellm, s1-metric-api-requests: no value",
  ],
  [
    READS,
    "KEDA has not looked at one",
    models({ ...modelObject("a"), status: {} }, modelObject("b")),
    "models/a: KEDA's operator has not looked at it",
  ],
  [
    SCALES,
    "one is paused",
    models(modelObject("a", { annotations: { "autoscaling.keda.sh/paused": "true" } })),
    "models/a is paused: annotation autoscaling.keda.sh/paused: true",
  ],
  [
    SCALES,
    "one cannot shrink",
    models(modelObject("a", { annotations: { "autoscaling.keda.sh/paused-scale-in": "true" } })),
    "models/a is paused: annotation autoscaling.keda.sh/paused-scale-in: true",
  ],
  [
    SCALES,
    "its fallback is in force",
    gateway({
      conditions: [READY, FALLBACK_HOLDS],
      health: { "s1-metric-api-requests": { numberOfFailures: 7, status: "Failing" } },
    }),
    `chat/litellm follows its fallback: requests in flight (llm_gateway_requests_in_flight of chat/${SIGNALS_SERVICE}:${SIGNALS_PORT}) could not be read 7 times`,
  ],
  [
    SCALES,
    "KEDA refuses it",
    gateway({
      conditions: [{ ...READY, status: "False", reason: "ScaledObjectCheckFailed", message: "no" }],
    }),
    "chat/litellm: Ready is False (ScaledObjectCheckFailed: no)",
  ],
  [
    SCALES,
    "one of its triggers fails",
    gateway({
      conditions: [{ ...READY, status: "Unknown", reason: "PartialTriggerError", message: "some" }],
    }),
    "chat/litellm: Ready is Unknown (PartialTriggerError: some)",
  ],
  [
    SCALES,
    "KEDA has only begun to look at it",
    gateway({ conditions: [{ type: "Ready", status: "Unknown" }] }),
    "chat/litellm: Ready is Unknown (KEDA's operator has not looked at it)",
  ],
  [
    SCALES,
    "KEDA has not looked at it",
    gateway({ conditions: [] }),
    "chat/litellm: Ready is unknown (KEDA's operator has not looked at it)",
  ],
  [
    TELLS,
    "a Service is gone",
    put(SCALING_PATHS.signals, undefined),
    `chat/${SIGNALS_SERVICE}, which requests in flight are read from, is not there`,
  ],
  [
    TELLS,
    "a Service selects nothing",
    signals({ ...podSlice(SIGNALS_SERVICE, SIGNALS_PORT), endpoints: null }),
    `chat/${SIGNALS_SERVICE} has no ready endpoint: it selects app.kubernetes.io/name=${SIGNALS_SERVICE}`,
  ],
  [
    TELLS,
    "a Service has lost its port",
    signals(podSlice(SIGNALS_SERVICE, 4000, "gateway-1")),
    `chat/${SIGNALS_SERVICE} leads to port 4000, and KEDA reads ${SIGNALS_PORT}`,
  ],
  [
    TELLS,
    "one of two pods does not answer",
    page("gateway-2", () => {
      throw new Error("refused");
    }),
    "chat/gateway-2 does not tell requests in flight on port 4001: refused",
  ],
  [
    TELLS,
    "a replica tells of another model",
    page("a-1", () => 'vllm:num_requests_running{model_name="other"} 1\n'),
    'models/a-1 has no vllm:num_requests_running{model_name="a"} of models/a:8000',
  ],
  [
    TELLS,
    "KEDA alone cannot reach them",
    gateway({ health: { "s1-metric-api-requests": { numberOfFailures: 2 } } }),
    "and KEDA could not read it 2 times",
  ],
  [
    ALONE,
    "somebody made a second one",
    add(PATHS.autoscalers(MODEL_NAMESPACE), {
      ...autoscaler("mine"),
      spec: { ...autoscaler("a-hpa").spec },
    }),
    "models/a is scaled by the ScaledObject a and by the HorizontalPodAutoscaler mine",
  ],
  [
    ALONE,
    "two ScaledObjects have one target",
    models(modelObject("a"), modelObject("b", { target: { kind: "StatefulSet", name: "a" } })),
    "models/a is scaled by the ScaledObject a and by the ScaledObject b",
  ],
  [
    ALONE,
    "somebody deleted one of the ScaledObjects",
    (stack) => {
      models(modelObject("a"))(stack);
      put(PATHS.autoscalers(MODEL_NAMESPACE), [autoscaler("a-hpa")])(stack);
    },
    "nothing scales models/b",
  ],
  [
    ALONE,
    "somebody deleted the autoscaler of a stack without KEDA",
    (stack) => {
      withoutKeda(stack);
      put(PATHS.autoscalers(GATEWAY_NAMESPACE), [])(stack);
    },
    `nothing scales chat/${GATEWAY}`,
  ],
];
