/**
 * KEDA's release. Its chart has the same number as its programs; on EKS the chart is installed, and the embedded environment builds
 * the programs from the Go module.
 */
export const KEDA_VERSION = "2.20.2";

/** The oldest release whose triggers read every endpoint of one Service, and of no other. Source: CHANGELOG.md of kedacore/keda (#6565, #7641). */
export const KEDA_OLDEST = "2.20";

/** Namespace of KEDA's own pods, alone there: where its chart is installed, and where a cluster's own is looked for. */
export const KEDA_NAMESPACE = "keda";

/** Where an API server keeps ScaledObjects. */
export const SCALED_OBJECTS = {
  group: "keda.sh",
  version: "v1alpha1",
  plural: "scaledobjects",
} as const;

/** API version of ScaledObject. */
export const KEDA_API_VERSION = `${SCALED_OBJECTS.group}/${SCALED_OBJECTS.version}`;

/** API group and version by which an autoscaler reads what KEDA measured. */
export const EXTERNAL_METRICS = { group: "external.metrics.k8s.io", version: "v1beta1" } as const;

/** The APIService of {@link EXTERNAL_METRICS}; a cluster has one owner of it. */
export const EXTERNAL_METRICS_API = `${EXTERNAL_METRICS.version}.${EXTERNAL_METRICS.group}`;

/** How network policies select pods: of one namespace, by their labels. */
export interface SelectedPods {
  /** Their namespace. */
  readonly namespace: string;
  /** Labels that they have. */
  readonly matchLabels: Readonly<Record<string, string>>;
}

/** The operator's pods, which read metrics, with the label that KEDA's chart selects them by. Source: kedacore/charts, keda/templates/manager/deployment.yaml. */
export const KEDA_PODS: SelectedPods = {
  namespace: KEDA_NAMESPACE,
  matchLabels: { app: "keda-operator" },
};

/** The metrics adapter's pods, which autoscalers ask, with the label that KEDA's chart selects them by. */
export const KEDA_ADAPTER_PODS: SelectedPods = {
  namespace: KEDA_NAMESPACE,
  matchLabels: { app: "keda-operator-metrics-apiserver" },
};
