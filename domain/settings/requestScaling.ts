import { z } from "zod";
import { KEDA_OLDEST, KEDA_PODS, type SelectedPods } from "../keda";
import type { ClusterSettings } from "./cluster";
import { dnsLabel, optional, type Settings } from "./fields";

const labelsOf = z
  .record(z.string(), z.string())
  .refine((labels) => Object.keys(labels).length > 0, "selects every pod; name a label")
  .default({ ...KEDA_PODS.matchLabels });

/** Scaling on requests, for the whole stack. */
export const requestScalingSchema = z
  .strictObject({
    requests: optional(
      z.enum(["keda", "off"]),
      `keda: models and gateway scale on requests, which KEDA reads from their pods; off: on CPU and memory alone. A cluster of kind eks gets KEDA with it, one of kind existing must have it (${KEDA_OLDEST} or later)`,
      "keda with a cluster of kind eks, off with one of kind existing",
    ),
    keda: z
      .strictObject({
        namespace: dnsLabel()
          .default(KEDA_PODS.namespace)
          .describe("Namespace of KEDA's operator on a cluster of kind existing"),
        labels: labelsOf.describe(
          "Labels of its pods, which are let to the metrics of models and gateway",
        ),
      })
      .prefault({}),
  })
  .prefault({});

/** Scaling on requests as it is written. */
export type RequestScalingSettings = Settings<typeof requestScalingSchema>;

/** Scaling on requests as it comes out on the stack's cluster. */
export interface RequestScaling {
  /** Whether KEDA scales models and gateway on requests. */
  readonly requests: "keda" | "off";
  /** Whether the stack installs KEDA. */
  readonly install: boolean;
  /** The pods that read metrics: network policies let them in. */
  readonly readers: SelectedPods;
}

/** Fills in what follows from the cluster. */
export function requestScaling({
  autoscaling,
  cluster,
}: {
  readonly autoscaling: RequestScalingSettings;
  readonly cluster: Pick<ClusterSettings, "kind">;
}): RequestScaling {
  const own = cluster.kind === "eks";
  const { requests = own ? "keda" : "off", keda } = autoscaling;
  return {
    requests,
    install: own && requests === "keda",
    readers: own ? KEDA_PODS : { namespace: keda.namespace, matchLabels: keda.labels },
  };
}
