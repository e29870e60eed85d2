import { isDeepStrictEqual } from "node:util";
import { KEDA_PODS } from "../../domain/keda";
import { AUTOSCALER_TOLERANCE, fullHouse } from "../../domain/models/requestScaling";
import { requestScaling } from "../../domain/settings/requestScaling";
import type { ParsedConfig } from "../../domain/settings/schema";
import type { ConfigProblem } from "./problems";
import type { Rule } from "./rule";

/** A model sleeps only where somebody wakes it. */
export const sleepersAreWoken: Rule = (config) =>
  requestScaling(config).requests === "keda"
    ? []
    : models(config).flatMap(({ path, autoscaling }) =>
        autoscaling.minReplicas === 0
          ? [
              {
                path: [...path, "minReplicas"],
                value: 0,
                message:
                  "needs KEDA, which wakes the model; write 1, or autoscaling.requests: keda on a cluster that has it",
              },
            ]
          : [],
      );

/** KEDA makes the autoscalers: it feeds them with what a ScaledObject can say alone. */
export const metricsAreOfKeda: Rule = (config) => {
  if (requestScaling(config).requests === "off") {
    return [];
  }
  const path = ["gateway", "autoscaling", "metrics"];
  return [
    ...config.gateway.autoscaling.metrics.flatMap(({ kind }, index) =>
      kind === "resource" || kind === "containerResource"
        ? []
        : [
            {
              path: [...path, index, "kind"],
              value: kind,
              message:
                "is no metric of a ScaledObject; write resource or containerResource, or autoscaling.requests: off",
            },
          ],
    ),
    ...models(config).flatMap(({ path: ofModel, autoscaling }) =>
      autoscaling.metrics.length > 0
        ? [
            {
              path: [...ofModel, "metrics"],
              message:
                "would not count: with autoscaling.requests: keda a model scales on its slots; leave metrics out, or write autoscaling.requests: off",
            },
          ]
        : [],
    ),
  ];
};

/** Slots that are all taken, and a queue that is full, are more than the target of the slots. */
export const slotsReachTheirTarget: Rule = (config) => {
  const { enabled, queuePerPlace } = config.gateway.routing.admission;
  if (requestScaling(config).requests === "off" || !enabled) {
    return [];
  }
  const highest = Math.ceil((100 * (1 + queuePerPlace)) / (1 + AUTOSCALER_TOLERANCE)) - 1;
  return models(config).flatMap(({ path, autoscaling: { requests } }) =>
    requests.slotUtilization > highest
      ? [
          {
            path: [...path, "requests", "slotUtilization"],
            value: requests.slotUtilization,
            message: `is never exceeded by a tenth, which adds a replica: with gateway.routing.admission.queuePerPlace ${queuePerPlace} a model never holds more; write ${highest} at most, or a longer queue`,
          },
        ]
      : [],
  );
};

/** A target of requests that cannot be reached never adds a pod. */
export const requestsReachTheirTarget: Rule = (config) => {
  const { autoscaling, routing } = config.gateway;
  const { inFlightPerPod } = autoscaling.requests;
  const most = fullHouse(Object.values(config.models), routing);
  const highest = Math.ceil(most / autoscaling.minReplicas / (1 + AUTOSCALER_TOLERANCE)) - 1;
  return requestScaling(config).requests === "keda" &&
    inFlightPerPod !== undefined &&
    inFlightPerPod > highest
    ? [
        {
          path: ["gateway", "autoscaling", "requests", "inFlightPerPod"],
          value: inFlightPerPod,
          message: `is never exceeded by a tenth, which adds a pod: every slot and every queue of the models hold ${most} requests, on ${autoscaling.minReplicas} pods at least; ${highest < 1 ? "raise maxReplicas of a model" : `write ${highest} at most`}`,
        },
      ]
    : [];
};

/** What asks for replicas asks for as many as there may be. */
export const askedReplicasMayBe: Rule = (config) =>
  models(config).flatMap(({ path, autoscaling }) => {
    const { fallbackReplicas, schedule } = autoscaling.requests;
    const asked: { readonly path: ConfigProblem["path"]; readonly replicas: number }[] = [
      ...(fallbackReplicas === undefined
        ? []
        : [{ path: ["fallbackReplicas"], replicas: fallbackReplicas }]),
      ...schedule.map(({ replicas }, index) => ({
        path: ["schedule", index, "replicas"],
        replicas,
      })),
    ];
    return asked
      .filter(({ replicas }) => replicas > autoscaling.maxReplicas)
      .map(({ path: within, replicas }) => ({
        path: [...path, "requests", ...within],
        value: replicas,
        message: `is more than maxReplicas ${autoscaling.maxReplicas}; write a value up to ${autoscaling.maxReplicas}`,
      }));
  });

/** Where the stack installs KEDA, its namespace and labels are the chart's; another one's are of a cluster that has KEDA. */
export const kedaIsOfTheCluster: Rule = ({ autoscaling: { keda }, cluster }) =>
  cluster.kind !== "eks"
    ? []
    : (
        [
          ["namespace", keda.namespace, KEDA_PODS.namespace],
          ["labels", keda.labels, KEDA_PODS.matchLabels],
        ] as const
      ).flatMap(([key, value, own]) =>
        isDeepStrictEqual(value, own)
          ? []
          : [
              {
                path: ["autoscaling", "keda", key],
                value,
                message:
                  "is of a KEDA that a cluster of kind existing has; the stack installs its own here: leave it out",
              },
            ],
      );

function models(config: ParsedConfig) {
  return Object.entries(config.models).map(([name, { autoscaling }]) => ({
    path: ["models", name, "autoscaling"],
    autoscaling,
  }));
}
