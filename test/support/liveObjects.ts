/** The Kubernetes objects and the answers of a stack in which everything is right, for tests of `verify`. */
import { projectLabels, type Role } from "../../domain/labels";
import {
  AUTOSCALER,
  GATEWAY,
  GATEWAY_PORT,
  ROUTING_CONFIG,
  ROUTING_FILE,
} from "../../domain/names";
import type { GatewayAnswer } from "../../operations/stack/gatewayClient";

/** Neither has its default name: what a check says must not name another one. */
export const GATEWAY_NAMESPACE = "chat";
export const MODEL_NAMESPACE = "models";

/** Path of the objects of one kind in a namespace. */
export const PATHS = {
  pods: (namespace: string) => `/api/v1/namespaces/${namespace}/pods`,
  services: (namespace: string) => `/api/v1/namespaces/${namespace}/services`,
  slices: (namespace: string) => `/apis/discovery.k8s.io/v1/namespaces/${namespace}/endpointslices`,
  autoscalers: (namespace: string) =>
    `/apis/autoscaling/v2/namespaces/${namespace}/horizontalpodautoscalers`,
  metrics: `/apis/metrics.k8s.io/v1beta1/namespaces/${GATEWAY_NAMESPACE}/pods`,
  routing: `/api/v1/namespaces/${GATEWAY_NAMESPACE}/configmaps/${ROUTING_CONFIG}`,
  stores: `/apis/apps/v1/namespaces/${GATEWAY_NAMESPACE}/statefulsets`,
  jobs: `/apis/batch/v1/namespaces/${GATEWAY_NAMESPACE}/jobs`,
  statefulSets: (namespace: string) => `/apis/apps/v1/namespaces/${namespace}/statefulsets`,
  deployments: (namespace: string) => `/apis/apps/v1/namespaces/${namespace}/deployments`,
  statefulSet: (name: string) => `/apis/apps/v1/namespaces/${MODEL_NAMESPACE}/statefulsets/${name}`,
} as const;

/** The key that the gateway makes, how its database knows it, and what a completion costs, dollars. */
export const MADE_KEY = "sk-made";
export const MADE_TOKEN = "hash-of-made";
export const COST = 0.5;

/** Replicas of each model. */
export const REPLICAS = 3;

interface PodState {
  readonly namespace: string;
  readonly name: string;
  readonly role: Role;
  readonly node: string;
  readonly containers: {
    readonly name: string;
    readonly resources?: object;
    readonly ports?: readonly { readonly containerPort: number }[];
  }[];
  readonly status: Record<string, unknown>;
  /** Of the metadata. */
  readonly more?: object;
}

const REQUESTS = { requests: { cpu: "1", memory: "1Gi" } };

/** A pod that is ready and requests what it should, but for `changes`. */
export function pod(
  name: string,
  role: Role,
  changes: Partial<PodState> = {},
): Record<string, unknown> {
  const {
    namespace = GATEWAY_NAMESPACE,
    node = "node-1",
    containers = [{ name: "main", resources: REQUESTS }],
    status = { phase: "Running", conditions: [{ type: "Ready", status: "True" }] },
    more = {},
  } = changes;
  return {
    metadata: { name, namespace, labels: projectLabels(role), ...more },
    spec: { nodeName: node, containers },
    status,
  };
}

/** A gateway pod that is ready and listens on the gateway's port, but for `changes`. */
export const listening = (name: string, changes: Partial<PodState> = {}) =>
  pod(name, "gateway", {
    containers: [{ name: GATEWAY, ports: [{ containerPort: GATEWAY_PORT }] }],
    ...changes,
  });

/** How `./portForwards.ts` calls the port of such a pod. */
export const portOf = (name: string) => `${GATEWAY_NAMESPACE}/${name}:${GATEWAY_PORT}`;

/** A Service with a port, if any, and addresses of its load balancer. */
export const service = (
  port: number | undefined,
  ingress: readonly { readonly hostname?: string; readonly ip?: string }[],
  annotations: Readonly<Record<string, string>> = {},
) => ({
  metadata: { annotations },
  spec: { ports: port === undefined ? [] : [{ port }] },
  status: { loadBalancer: { ingress: [...ingress] } },
});

export const named = (name: string, role: Role) => ({
  metadata: { name, labels: projectLabels(role) },
});

/** The endpoints of a Service, each ready or not. */
export const slice = (name: string, ...ready: readonly boolean[]) => ({
  metadata: { labels: { "kubernetes.io/service-name": name } },
  addressType: "IPv4",
  endpoints: ready.map((each) => ({ addresses: ["10.0.0.1"], conditions: { ready: each } })),
});

/** The endpoints of a Service whose pods are read on a port. */
export const podSlice = (name: string, port: number, ...pods: readonly string[]) => ({
  ...slice(name),
  ports: [{ port }],
  endpoints: pods.map((each) => ({
    addresses: ["10.0.0.1"],
    conditions: { ready: true },
    targetRef: { kind: "Pod", name: each },
  })),
});

/** An autoscaler with the statuses of its two conditions. */
export const autoscaler = (name: string, ableToScale = "True", scalingActive = "True") => ({
  metadata: { name },
  spec: {
    minReplicas: 2,
    maxReplicas: 10,
    scaleTargetRef: {
      kind: name === AUTOSCALER ? "Deployment" : "StatefulSet",
      name: name.replace("-hpa", ""),
    },
  },
  status: {
    currentReplicas: 2,
    conditions: [
      { type: "AbleToScale", status: ableToScale, reason: "A" },
      { type: "ScalingActive", status: scalingActive, reason: "S" },
    ],
  },
});

/** The routing configuration of two models, `a` with a fallback to `b`. */
export const routing = (
  fallbacks: readonly object[] = [{ "vllm/a": ["vllm/b"] }],
  interval = 0,
) => ({
  data: {
    [ROUTING_FILE]: JSON.stringify({
      router_settings: { fallbacks },
      general_settings: { health_check_interval: interval },
    }),
  },
});

export const modelPods = ["a", "b"].flatMap((model) =>
  Array.from({ length: REPLICAS }, (_, index) => `${model}-${index}`),
);
const ids = (names: readonly string[]) => names.map((name) => ({ model_id: name }));

/** Answer of `GET /health`. */
export const health = (healthy: readonly string[] = modelPods, unhealthy: readonly string[] = []) =>
  answer(200, { healthy_endpoints: ids(healthy), unhealthy_endpoints: ids(unhealthy) });

/** An answer of the gateway. */
export function answer(
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): GatewayAnswer {
  return { status, text: JSON.stringify(body), headers: new Headers(headers) };
}
