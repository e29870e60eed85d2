/** Chart repositories of the controllers by the name of the chart. */
export const CHART_REPOSITORIES = {
  "cluster-autoscaler": "https://kubernetes.github.io/autoscaler",
  "aws-load-balancer-controller": "https://aws.github.io/eks-charts",
  keda: "https://kedacore.github.io/charts",
} as const;
