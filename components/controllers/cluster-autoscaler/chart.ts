import { CHART_REPOSITORIES } from "../../../domain/helmRepositories";
import { LONGEST_GRACE_SECONDS } from "../../../domain/rolls";
import { NODE_UNNEEDED_MINUTES } from "../../../domain/timing";
import { CONTROLLER_RESOURCES, type ControllerChart } from "../shared/controllerChart";

/** Service account of Cluster Autoscaler in `kube-system`, which its role is associated with. */
export const CLUSTER_AUTOSCALER_ACCOUNT = "cluster-autoscaler";

export interface ClusterAutoscalerArgs {
  /** Version of the chart. */
  readonly version: string;
  /** Name of the cluster whose node groups are scaled. */
  readonly clusterName: string;
  /** AWS region of the cluster. */
  readonly region: string;
  /** Tag of the image. @default the chart's own */
  readonly image?: string | undefined;
}

/** Cluster Autoscaler, which finds the node groups by the tags that EKS gives them. */
export function clusterAutoscalerChart(args: ClusterAutoscalerArgs): ControllerChart {
  return {
    role: "cluster-autoscaler",
    chart: "cluster-autoscaler",
    repository: CHART_REPOSITORIES["cluster-autoscaler"],
    version: args.version,
    values: {
      cloudProvider: "aws",
      awsRegion: args.region,
      autoDiscovery: { clusterName: args.clusterName },
      rbac: { serviceAccount: { name: CLUSTER_AUTOSCALER_ACCOUNT } },
      resources: CONTROLLER_RESOURCES,
      // Of the cluster's minor version, which the newest chart may not carry yet.
      ...(args.image === undefined ? {} : { image: { tag: args.image } }),
      extraArgs: {
        "balance-similar-node-groups": true,
        "scale-down-unneeded-time": `${NODE_UNNEEDED_MINUTES}m`,
        // Neuron nodes are ready before they offer their devices; until then they must not count as unneeded.
        "scale-down-delay-after-add": `${NODE_UNNEEDED_MINUTES}m`,
        // By default it kills what has not ended after 600 s, which a drain and a long stream outlast.
        "max-graceful-termination-sec": LONGEST_GRACE_SECONDS,
      },
    },
  };
}
