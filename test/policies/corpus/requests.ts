import { autoscaler, container, deployment, utilization } from "../fixtures";
import {
  RULE,
  bare,
  noCpu,
  cpuOnly,
  requesting,
  pods,
  sidecar,
  containerMetric,
  average,
  old,
  kept,
} from "./builders/requests";
import { bad, good, type Case } from "./case";

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
];
