/**
 * KEDA's release. Its chart has the same number as its programs; on EKS the chart is installed, and the embedded environment builds
 * the programs from the Go module.
 */
export const KEDA_VERSION = "2.20.2";

/** Namespace of KEDA: where its chart is installed, alone, and where a cluster's own is looked for. */
export const KEDA_NAMESPACE = "keda";

/** Labels of KEDA's operator, which reads the metrics, as its chart writes them. Source: kedacore/charts, keda/templates/manager/deployment.yaml. */
export const KEDA_OPERATOR_LABELS: Readonly<Record<string, string>> = { app: "keda-operator" };

/** API version of ScaledObject. */
export const KEDA_API_VERSION = "keda.sh/v1alpha1";

/** API group and version by which an autoscaler reads what KEDA measured; a cluster has one owner of it. */
export const EXTERNAL_METRICS_API = "v1beta1.external.metrics.k8s.io";
