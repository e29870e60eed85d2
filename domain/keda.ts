/** Namespace of KEDA: where its chart is installed, and where a cluster's own is looked for. */
export const KEDA_NAMESPACE = "keda";

/** Labels of KEDA's operator, which reads the metrics, as its chart writes them. Source: kedacore/charts, keda/templates/manager/deployment.yaml. */
export const KEDA_OPERATOR_LABELS: Readonly<Record<string, string>> = { app: "keda-operator" };

/** API version of ScaledObject. */
export const KEDA_API_VERSION = "keda.sh/v1alpha1";
