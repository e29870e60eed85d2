import { CHART_REPOSITORIES } from "../../../domain/helmRepositories";
import { CONTROLLER_RESOURCES, type ControllerChart } from "../shared/controllerChart";

/** Port of the metrics adapter, which the API server asks. */
export const ADAPTER_PORT = 6443;

/** Port of the operator, which the adapter asks. */
export const OPERATOR_PORT = 9666;

/** Inputs of {@link kedaChart}. */
export interface KedaChartArgs {
  /** Version of the chart. */
  readonly version: string;
  /** Namespaces whose ScaledObjects count, and in which alone KEDA has rights; they must be there before the chart is installed. */
  readonly namespaces: readonly string[];
}

/** KEDA: its operator and its metrics adapter, with what scaling on metrics of pods needs and no more. */
export function kedaChart({ version, namespaces }: KedaChartArgs): ControllerChart {
  return {
    role: "chart",
    chart: "keda",
    repository: CHART_REPOSITORIES.keda,
    version,
    values: {
      watchNamespace: namespaces.join(","),
      // The policy pack and the rules of the configuration have judged a ScaledObject before it is made.
      webhooks: { enabled: false },
      // Deployments and StatefulSets are among its rights already; by default it may read and scale every kind.
      rbac: { enabledCustomScaledRefKinds: false },
      // No signal needs credentials: Secrets are read in its own namespace alone, for its certificates.
      permissions: {
        operator: { restrict: { secret: true } },
        metricServer: { restrict: { secret: true } },
      },
      image: { pullPolicy: "IfNotPresent" },
      resources: { operator: CONTROLLER_RESOURCES, metricServer: CONTROLLER_RESOURCES },
      service: { portHttpsTarget: ADAPTER_PORT },
    },
  };
}
