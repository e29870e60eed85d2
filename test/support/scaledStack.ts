/** The ScaledObjects of a stack in which everything is right, what KEDA serves of them, and what their pods tell. */
import {
  GATEWAY_SIGNALS,
  SIGNALS_PORT,
  SIGNALS_SERVICE,
  VLLM_SIGNALS,
} from "../../domain/gatewaySignals";
import { EXTERNAL_METRICS, EXTERNAL_METRICS_API, KEDA_API_VERSION } from "../../domain/keda";
import type { Role } from "../../domain/labels";
import { GATEWAY, VLLM_PORT } from "../../domain/names";
import { gaugeTrigger, type Trigger } from "../../components/autoscaling/scaledObject";
import { FORMULA_METRIC } from "../../operations/stack/scaledObjects";
import type { PodPages } from "../../operations/stack/podPage";
import { isMap } from "../../domain/map";
import type { KubernetesObjects } from "./kubernetesApi";
import { GATEWAY_NAMESPACE, MODEL_NAMESPACE, named, PATHS, REPLICAS } from "./liveObjects";

const KEDA_PATH = `/apis/${KEDA_API_VERSION}`;

/** Paths of what KEDA adds to a cluster. */
export const SCALING_PATHS = {
  definitions: KEDA_PATH,
  scaledObjects: (namespace: string) => `${KEDA_PATH}/namespaces/${namespace}/scaledobjects`,
  apiService: `/apis/apiregistration.k8s.io/v1/apiservices/${EXTERNAL_METRICS_API}`,
  metric: (namespace: string, name: string) =>
    `/apis/${EXTERNAL_METRICS.group}/${EXTERNAL_METRICS.version}/namespaces/${namespace}/${name}`,
  policies: `/apis/networking.k8s.io/v1/namespaces/${GATEWAY_NAMESPACE}/networkpolicies`,
  signals: `/api/v1/namespaces/${GATEWAY_NAMESPACE}/services/${SIGNALS_SERVICE}`,
  service: (name: string) => `/api/v1/namespaces/${MODEL_NAMESPACE}/services/${name}`,
} as const;

interface Changes {
  readonly annotations?: Readonly<Record<string, string>>;
  readonly minimum?: number;
  readonly formula?: string;
  readonly conditions?: readonly object[];
  readonly health?: Readonly<Record<string, object>>;
  readonly target?: { readonly kind: string; readonly name: string };
  readonly hpaName?: string;
}

export const READY = {
  type: "Ready",
  status: "True",
  reason: "ScaledObjectReady",
  message: "ScaledObject is defined correctly and is ready for scaling",
};
export const FALLBACK_HOLDS = {
  type: "Fallback",
  status: "True",
  reason: "FallbackExists",
  message: "At least one trigger is falling back on this scaled object",
};

/** A ScaledObject as KEDA leaves it once it has looked at it. */
export function scaledObject(
  name: string,
  namespace: string,
  triggers: readonly Trigger[],
  changes: Changes = {},
): Readonly<Record<string, unknown>> {
  const { annotations = {}, minimum = 1, formula, conditions = [READY], health = {} } = changes;
  const hpaName = changes.hpaName ?? `${name}-hpa`;
  return {
    metadata: { name, namespace, annotations },
    spec: {
      scaleTargetRef: changes.target ?? { kind: "StatefulSet", name },
      minReplicaCount: minimum,
      maxReplicaCount: 4,
      advanced: {
        horizontalPodAutoscalerConfig: { name: hpaName },
        ...(formula === undefined ? {} : { scalingModifiers: { formula, target: "90" } }),
      },
      triggers,
    },
    status: {
      hpaName,
      externalMetricNames: triggers.flatMap((trigger, index) =>
        trigger.type === "metrics-api" ? [`s${index}-metric-api-${trigger.name}`] : [],
      ),
      conditions,
      health,
    },
  };
}

/** The ScaledObject of a model, which always runs. */
export function modelObject(name: string, changes: Changes = {}) {
  const ofReplicas = (trigger: string, metric: string) =>
    gaugeTrigger({
      ...{ name: trigger, service: name, namespace: MODEL_NAMESPACE, port: VLLM_PORT, metric },
      labels: { model_name: name },
    });
  return scaledObject(
    name,
    MODEL_NAMESPACE,
    [ofReplicas("running", VLLM_SIGNALS.running), ofReplicas("waiting", VLLM_SIGNALS.waiting)],
    { formula: "(running + waiting) * 100 / 4", ...changes },
  );
}

/** The ScaledObject of the gateway: its second trigger is the first that reads a Service. */
export function gatewayObject(changes: Changes = {}) {
  return scaledObject(
    GATEWAY,
    GATEWAY_NAMESPACE,
    [
      { type: "cpu", metricType: "Utilization", metadata: { value: "70" } },
      gaugeTrigger({
        ...{ name: "requests", service: SIGNALS_SERVICE, namespace: GATEWAY_NAMESPACE },
        ...{ port: SIGNALS_PORT, metric: GATEWAY_SIGNALS.inFlight, target: 4 },
      }),
    ],
    { target: { kind: "Deployment", name: GATEWAY }, ...changes },
  );
}

const value = (metricName: string) => ({ items: [{ metricName, value: "3" }] });
const workload = (name: string, role: Role, replicas: number) => ({
  ...named(name, role),
  spec: { replicas },
});
const service = (name: string) => ({
  ...named(name, "server"),
  spec: { selector: { "app.kubernetes.io/name": name } },
});

/** Everything of it that the API server has, by path. */
export const SCALING_OBJECTS = (): KubernetesObjects => ({
  [SCALING_PATHS.definitions]: {
    kind: "APIResourceList",
    groupVersion: KEDA_API_VERSION,
    resources: [{ name: "scaledobjects", kind: "ScaledObject" }],
  },
  [SCALING_PATHS.scaledObjects(GATEWAY_NAMESPACE)]: [gatewayObject()],
  [SCALING_PATHS.scaledObjects(MODEL_NAMESPACE)]: [modelObject("a"), modelObject("b")],
  [SCALING_PATHS.apiService]: apiService(),
  [SCALING_PATHS.metric(GATEWAY_NAMESPACE, "s1-metric-api-requests")]: value("requests"),
  [SCALING_PATHS.metric(MODEL_NAMESPACE, FORMULA_METRIC)]: value(FORMULA_METRIC),
  [SCALING_PATHS.signals]: service(SIGNALS_SERVICE),
  [SCALING_PATHS.service("a")]: service("a"),
  [SCALING_PATHS.service("b")]: service("b"),
  [PATHS.deployments(GATEWAY_NAMESPACE)]: [workload(GATEWAY, "gateway", 2)],
  [PATHS.deployments(MODEL_NAMESPACE)]: [],
  [PATHS.statefulSets(MODEL_NAMESPACE)]: [
    workload("a", "server", REPLICAS),
    workload("b", "server", REPLICAS),
  ],
});

/** Who serves external metrics. */
export function apiService(
  available = { type: "Available", status: "True", reason: "Passed", message: "" },
  name = "keda-metrics-apiserver",
) {
  return {
    metadata: { name: EXTERNAL_METRICS_API },
    spec: { service: { name, namespace: "keda" } },
    status: { conditions: [available] },
  };
}

/** What the pods of this stack tell. */
export const scrape: PodPages = ({ name, port }) =>
  Promise.resolve(
    port === SIGNALS_PORT
      ? `${GATEWAY_SIGNALS.inFlight} 3.0\n`
      : Object.values(VLLM_SIGNALS)
          .map(
            (metric) =>
              `# TYPE ${metric} gauge\n${metric}{engine="0",model_name="${name.replace(/-\d+$/, "")}"} 1.0\n`,
          )
          .join(""),
  );

interface Stack {
  readonly objects: KubernetesObjects;
}

/** A stack without KEDA: nothing reads requests. */
export function withoutKeda({ objects }: Stack): void {
  for (const path of Object.keys(objects)) {
    const known =
      path.startsWith(KEDA_PATH) || path === SCALING_PATHS.signals || path.includes("external");
    if (known) {
      objects[path] = undefined;
    }
  }
}

/** Puts a model to sleep: nobody has asked for it. */
export function asleep(model: string): (stack: Stack) => void {
  return ({ objects }) => {
    const list = (path: string): readonly unknown[] => {
      const found = objects[path];
      return Array.isArray(found) ? found : [];
    };
    const nameOf = (item: unknown) =>
      isMap(item) && isMap(item.metadata) ? String(item.metadata.name) : "";
    const replace = (path: string, name: string, items: readonly unknown[]) => {
      objects[path] = [...list(path).filter((item) => nameOf(item) !== name), ...items];
    };
    replace(SCALING_PATHS.scaledObjects(MODEL_NAMESPACE), model, [
      modelObject(model, { minimum: 0 }),
    ]);
    replace(PATHS.statefulSets(MODEL_NAMESPACE), model, [workload(model, "server", 0)]);
    replace(PATHS.autoscalers(MODEL_NAMESPACE), `${model}-hpa`, [sleepingAutoscaler(model)]);
    objects[PATHS.pods(MODEL_NAMESPACE)] = list(PATHS.pods(MODEL_NAMESPACE)).filter(
      (item) => !nameOf(item).startsWith(`${model}-`),
    );
    objects[PATHS.slices(MODEL_NAMESPACE)] = list(PATHS.slices(MODEL_NAMESPACE)).filter(
      (item) => !JSON.stringify(item).includes(`"kubernetes.io/service-name":"${model}"`),
    );
    const services = named(model, "server");
    replace(PATHS.services(MODEL_NAMESPACE), model, [
      {
        metadata: {
          ...services.metadata,
          labels: { ...services.metadata.labels, "app.kubernetes.io/name": model },
        },
      },
    ]);
  };
}

/** What Kubernetes says of an autoscaler whose target has no replica. */
export const sleepingAutoscaler = (model: string) => ({
  metadata: { name: `${model}-hpa` },
  spec: {
    minReplicas: 1,
    maxReplicas: 4,
    scaleTargetRef: { kind: "StatefulSet", name: model },
    metrics: [
      {
        type: "External",
        external: {
          metric: { name: FORMULA_METRIC },
          target: { type: "AverageValue", averageValue: "90" },
        },
      },
    ],
  },
  status: {
    currentReplicas: 0,
    desiredReplicas: 0,
    conditions: [
      { type: "AbleToScale", status: "True", reason: "SucceededGetScale" },
      { type: "ScalingActive", status: "False", reason: "ScalingDisabled" },
      { type: "ScalingLimited", status: "True", reason: "TooFewReplicas" },
    ],
  },
});
