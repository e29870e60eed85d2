/** Single faults of a live stack, and what `verify` says of each. */
import { GATEWAY_FAULTS } from "./gatewayFaults";
import { SCALING_FAULTS } from "./scalingFaults";
import { autoscaler, GATEWAY_NAMESPACE, MODEL_NAMESPACE, PATHS, pod, slice } from "./liveObjects";
import { withoutKeda } from "./scaledStack";
import {
  add,
  AUTOSCALERS,
  ENDPOINTS,
  gatewayPod,
  METRICS,
  modelPod,
  notReady,
  PODS,
  put,
  REQUESTS,
  SPREAD,
  waiting,
  type Fault,
} from "./stackChecks";

/** One fault each, and what the check says of it. */
export const FAULTS: readonly Fault[] = [
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
      withoutKeda(stack);
    },
    "there is no HorizontalPodAutoscaler",
  ],
  [
    AUTOSCALERS,
    "KEDA has made none",
    (stack) => {
      put(PATHS.autoscalers(GATEWAY_NAMESPACE), [])(stack);
      put(PATHS.autoscalers(MODEL_NAMESPACE), [])(stack);
    },
    "KEDA has made no HorizontalPodAutoscaler",
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
    add(PATHS.autoscalers(MODEL_NAMESPACE), { ...autoscaler("h"), status: {} }),
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
  ...SCALING_FAULTS,
  ...GATEWAY_FAULTS,
];
