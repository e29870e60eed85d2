import { autoscaler, budget, container, deployment, METADATA, utilization } from "../fixtures";
import { LATER, type TestResource } from "../support";
import { bad, good, object, type Case } from "./case";

const RULE = "autoscaler-target-requests";
const memory = { requests: { memory: "1Gi" } };
const bare = container({ resources: {} });
const noCpu = container({ resources: memory });
const cpuOnly = autoscaler({ metrics: [utilization("cpu")] });
const requesting = (requests: unknown, limits?: unknown) =>
  deployment({ containers: [container({ resources: { requests, limits } })] });
const pods = (spec: Record<string, unknown>) => deployment(spec);
const sidecar = container({ name: "proxy", restartPolicy: "Always", resources: {} });
const containerMetric = (name: string) =>
  autoscaler({
    metrics: [
      {
        type: "ContainerResource",
        containerResource: {
          name: "cpu",
          container: name,
          target: { type: "Utilization", averageUtilization: 70 },
        },
      },
    ],
  });
const average = {
  type: "Resource",
  resource: { name: "cpu", target: { type: "AverageValue", averageValue: "500m" } },
};
const limitRange = (
  item: Record<string, unknown>,
  metadata: Record<string, unknown> = { name: "defaults", namespace: "shop" },
): TestResource =>
  object("core/v1:LimitRange", "defaults", {
    metadata,
    spec: { limits: [{ type: "Container", ...item }] },
  });
const patch = (spec: Record<string, unknown>, name = "web"): TestResource =>
  object("apps/v1:DeploymentPatch", name, { spec: { template: { spec } } });
const old = (version: string, spec: Record<string, unknown>, metadata: object = {}) =>
  autoscaler(
    { metrics: undefined, ...spec },
    {
      type: `kubernetes:autoscaling/${version}:HorizontalPodAutoscaler`,
      props: {
        ...autoscaler({ metrics: undefined, ...spec }).props,
        metadata: { ...METADATA, name: "web-hpa", ...metadata },
      },
    },
  );
const kept = budget();

/** What the controller adds up before it computes a share. */
export const REQUESTS: readonly Case[] = [
  good("plain", "every container requests what is measured", deployment(), autoscaler(), kept),
  bad(RULE, "no request", "missing request for cpu", requesting({ memory: "1Gi" }), cpuOnly, kept),
  bad(RULE, "no resources", "missing request for cpu", pods({ containers: [bare] }), cpuOnly, kept),
  bad(RULE, "null requests", "null is nothing", requesting(null), cpuOnly, kept),
  bad(
    RULE,
    "one of two containers",
    "the sum needs each",
    pods({ containers: [container(), { ...bare, name: "logs" }] }),
    cpuOnly,
    kept,
  ),
  bad(
    RULE,
    "memory missing",
    "the second metric counts too",
    requesting({ cpu: "1" }),
    autoscaler(),
    kept,
  ),
  good(
    "limits only",
    "the API server takes the limit for the request",
    requesting(undefined, { cpu: "1", memory: "1Gi" }),
    autoscaler(),
    kept,
  ),
  good(
    "sidecar that requests",
    "an init container that keeps running counts",
    pods({ initContainers: [{ ...sidecar, resources: { requests: { cpu: "1" } } }] }),
    cpuOnly,
    kept,
  ),
  bad(
    RULE,
    "sidecar without",
    "an init container that keeps running counts",
    pods({ initContainers: [sidecar] }),
    cpuOnly,
    kept,
  ),
  good(
    "init container without",
    "it has ended when the pod is measured",
    pods({ initContainers: [{ ...bare, name: "init" }] }),
    cpuOnly,
    kept,
  ),
  ...["0", "0m", 0, "0.0", "0e3", "0Ki"].map((zero) =>
    bad(
      RULE,
      `request ${JSON.stringify(zero)}`,
      "no share of nothing",
      requesting({ cpu: zero }),
      cpuOnly,
      kept,
    ),
  ),
  bad(
    RULE,
    "limit of zero",
    "it stands for the request",
    requesting(undefined, { cpu: "0" }),
    cpuOnly,
    kept,
  ),
  good(
    "one zero of two",
    "the sum is not zero",
    pods({
      containers: [container(), container({ name: "idle", resources: { requests: { cpu: "0" } } })],
    }),
    cpuOnly,
    kept,
  ),
  bad(
    RULE,
    "zero in the measured container",
    "only this one is measured",
    pods({
      containers: [container(), container({ name: "idle", resources: { requests: { cpu: "0" } } })],
    }),
    containerMetric("idle"),
    kept,
  ),
  good(
    "container metric",
    "only the named container is measured",
    pods({ containers: [container(), { ...bare, name: "quiet" }] }),
    containerMetric("web"),
    kept,
  ),
  bad(
    RULE,
    "container metric without request",
    "the named container has none",
    pods({ containers: [container(), { ...bare, name: "quiet" }] }),
    containerMetric("quiet"),
    kept,
  ),
  bad(
    RULE,
    "container metric of a ghost",
    "no such container",
    deployment(),
    containerMetric("ghost"),
    kept,
  ),
  good(
    "average value",
    "no share, no request",
    pods({ containers: [bare] }),
    autoscaler({ metrics: [average] }),
    kept,
  ),
  good(
    "external metric",
    "no share, no request",
    pods({ containers: [bare] }),
    autoscaler({
      metrics: [
        {
          type: "External",
          external: {
            metric: { name: "queue" },
            target: { type: "AverageValue", averageValue: "5" },
          },
        },
      ],
    }),
    kept,
  ),
  good(
    "pods metric",
    "no share, no request",
    pods({ containers: [bare] }),
    autoscaler({
      metrics: [
        {
          type: "Pods",
          pods: { metric: { name: "rps" }, target: { type: "AverageValue", averageValue: "5" } },
        },
      ],
    }),
    kept,
  ),
  bad(
    RULE,
    "no metrics",
    "Kubernetes takes 80 % of CPU",
    pods({ containers: [noCpu] }),
    autoscaler({ metrics: undefined }),
    kept,
  ),
  bad(
    RULE,
    "empty metrics",
    "Kubernetes takes 80 % of CPU",
    pods({ containers: [noCpu] }),
    autoscaler({ metrics: [] }),
    kept,
  ),
  bad(
    RULE,
    "v1",
    "it measures CPU",
    pods({ containers: [noCpu] }),
    old("v1", { targetCPUUtilizationPercentage: 80 }),
    kept,
  ),
  bad(
    RULE,
    "v1 without target",
    "80 % is the default",
    pods({ containers: [noCpu] }),
    old("v1", {}),
    kept,
  ),
  good(
    "v1",
    "it measures CPU",
    deployment(),
    old("v1", { targetCPUUtilizationPercentage: 80 }),
    kept,
  ),
  good(
    "v1 with other metrics",
    "an annotation has them, none is a share",
    pods({ containers: [bare] }),
    old(
      "v1",
      {},
      {
        annotations: {
          "autoscaling.alpha.kubernetes.io/metrics": JSON.stringify([
            { type: "Pods", pods: { metricName: "rps", targetAverageValue: "5" } },
          ]),
        },
      },
    ),
    kept,
  ),
  bad(
    RULE,
    "v2beta1",
    "its field for the share has another name",
    pods({ containers: [noCpu] }),
    old("v2beta1", {
      metrics: [{ type: "Resource", resource: { name: "cpu", targetAverageUtilization: 50 } }],
    }),
    kept,
  ),
  good(
    "v2beta1 average",
    "no share",
    pods({ containers: [bare] }),
    old("v2beta1", {
      metrics: [{ type: "Resource", resource: { name: "cpu", targetAverageValue: "1" } }],
    }),
    kept,
  ),
  bad(
    RULE,
    "v2beta2",
    "the same as v2",
    pods({ containers: [noCpu] }),
    old("v2beta2", { metrics: [utilization("cpu")] }),
    kept,
  ),

  good(
    "pod-level requests",
    "Kubernetes 1.34 reads them",
    pods({ resources: { requests: { cpu: "2" } }, containers: [bare] }),
    cpuOnly,
    kept,
  ),
  good(
    "pod-level limit",
    "the API server takes it for the request",
    pods({ resources: { limits: { cpu: "2" } }, containers: [bare] }),
    cpuOnly,
    kept,
  ),
  bad(
    RULE,
    "pod-level memory only",
    "neither pod nor container has CPU",
    pods({ resources: { requests: { memory: "2Gi" } }, containers: [bare] }),
    cpuOnly,
    kept,
  ),
  good(
    "pod-level memory, container CPU",
    "the API server adds the containers up",
    pods({ resources: { requests: { memory: "2Gi" } }, containers: [container()] }),
    autoscaler(),
    kept,
  ),
  bad(
    RULE,
    "pod-level with container metric",
    "a container's own request counts",
    pods({ resources: { requests: { cpu: "2" } }, containers: [bare] }),
    containerMetric("web"),
    kept,
  ),
  bad(
    RULE,
    "pod-level zero",
    "no share of nothing",
    pods({ resources: { requests: { cpu: "0" } }, containers: [bare] }),
    cpuOnly,
    kept,
  ),

  good(
    "LimitRange defaultRequest",
    "it completes the containers",
    limitRange({ defaultRequest: { cpu: "100m" } }),
    pods({ containers: [bare] }),
    cpuOnly,
    kept,
  ),
  good(
    "LimitRange default",
    "a default limit is a default request",
    limitRange({ default: { cpu: "1" } }),
    pods({ containers: [bare] }),
    cpuOnly,
    kept,
  ),
  good(
    "LimitRange max",
    "a maximum is a default limit",
    limitRange({ max: { cpu: "1" } }),
    pods({ containers: [bare] }),
    cpuOnly,
    kept,
  ),
  good(
    "LimitRange min",
    "a minimum is a default request",
    limitRange({ min: { cpu: "1" } }),
    pods({ containers: [bare] }),
    cpuOnly,
    kept,
  ),
  good(
    "LimitRange declared last",
    "the order of a program says nothing",
    pods({ containers: [bare] }),
    cpuOnly,
    kept,
    limitRange({ defaultRequest: { cpu: "100m" } }),
  ),
  bad(
    RULE,
    "LimitRange for memory",
    "CPU has no default",
    limitRange({ defaultRequest: { memory: "1Gi" } }),
    pods({ containers: [bare] }),
    cpuOnly,
    kept,
  ),
  bad(
    RULE,
    "LimitRange for pods",
    "only the type Container completes containers",
    limitRange({ type: "Pod", max: { cpu: "1" } }),
    pods({ containers: [bare] }),
    cpuOnly,
    kept,
  ),
  bad(
    RULE,
    "LimitRange elsewhere",
    "another namespace",
    limitRange({ defaultRequest: { cpu: "1" } }, { name: "defaults", namespace: "other" }),
    pods({ containers: [bare] }),
    cpuOnly,
    kept,
  ),
  bad(
    RULE,
    "LimitRange of zero",
    "no share of nothing",
    limitRange({ defaultRequest: { cpu: "0" } }),
    pods({ containers: [bare] }),
    cpuOnly,
    kept,
  ),

  good(
    "patch adds requests",
    "server-side apply merges containers by name",
    pods({ containers: [noCpu] }),
    patch({ containers: [{ name: "web", resources: { requests: { cpu: "1" } } }] }),
    autoscaler(),
    kept,
  ),
  good(
    "patch declared last",
    "the order of a program says nothing",
    pods({ containers: [noCpu] }),
    autoscaler(),
    kept,
    patch({ containers: [{ name: "web", resources: { requests: { cpu: "1" } } }] }),
  ),
  good(
    "patch of something else",
    "the requests stay",
    deployment(),
    patch({ containers: [{ name: "web", env: [{ name: "MODE", value: "fast" }] }] }),
    autoscaler(),
    kept,
  ),
  bad(
    RULE,
    "patch of another workload",
    "the target has no request",
    pods({ containers: [noCpu] }),
    patch({ containers: [{ name: "web", resources: { requests: { cpu: "1" } } }] }, "api"),
    autoscaler(),
    kept,
  ),
  bad(
    RULE,
    "patch adds a container",
    "it has no request",
    deployment(),
    patch({ containers: [{ ...bare, name: "extra" }] }),
    cpuOnly,
    kept,
  ),
  good(
    "patch of a foreign workload",
    "what is not in the patch may be there",
    patch({ containers: [{ name: "web", env: [] }] }),
    cpuOnly,
    kept,
  ),
  good(
    "patch of an autoscaler",
    "its target is elsewhere in the object",
    deployment(),
    autoscaler(),
    kept,
    object("autoscaling/v2:HorizontalPodAutoscalerPatch", "web-hpa", { spec: { maxReplicas: 6 } }),
  ),
  good(
    "patch of a foreign autoscaler",
    "it names no target",
    deployment(),
    object("autoscaling/v2:HorizontalPodAutoscalerPatch", "api", { spec: { maxReplicas: 6 } }),
  ),

  bad(
    RULE,
    "known container beside unknown init containers",
    "what is known stays known",
    pods({ containers: [noCpu], initContainers: LATER }),
    cpuOnly,
    kept,
  ),
  bad(
    RULE,
    "known metric beside an unknown one",
    "what is known stays known",
    pods({ containers: [noCpu] }),
    autoscaler({ metrics: [utilization("cpu"), { type: LATER }] }),
    kept,
  ),
  bad(
    RULE,
    "unknown type beside a known share",
    "only a share has averageUtilization",
    pods({ containers: [noCpu] }),
    autoscaler({
      metrics: [
        {
          type: "Resource",
          resource: { name: "cpu", target: { type: LATER, averageUtilization: 70 } },
        },
      ],
    }),
    kept,
  ),
  bad(
    RULE,
    "unknown image and environment",
    "they say nothing of requests",
    pods({ containers: [container({ image: LATER, env: LATER, resources: memory })] }),
    cpuOnly,
    kept,
  ),
];
