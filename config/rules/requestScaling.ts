import { isDeepStrictEqual } from "node:util";
import { KEDA_PODS } from "../../domain/keda";
import type { Rule } from "./rule";

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
