import type { AddonName } from "./eksAddons";
import { KEDA_VERSION } from "./keda";

/** What EKS offers for one minor version of Kubernetes, and what goes with it. */
export interface EksRelease {
  /** First day without standard support, `YYYY-MM-DD` in UTC. */
  readonly endOfStandardSupport: string;
  /** First day without extended support: EKS then upgrades the control plane by itself. */
  readonly endOfExtendedSupport: string;
  /** Version of each EKS add-on. */
  readonly addons: Readonly<Record<AddonName, string>>;
  /** Version of the Helm chart of each controller, and of its image where it is not the chart's own. */
  readonly charts: {
    readonly clusterAutoscaler: string;
    readonly loadBalancerController: string;
    readonly keda: string;
  };
  /** Tag of the Cluster Autoscaler image: its minor version is the cluster's. */
  readonly clusterAutoscalerImage: string;
}

/**
 * Releases by minor version, oldest first.
 *
 * Support dates: Amazon EKS User Guide, "Amazon EKS Kubernetes release calendar", for 1.33 to 1.35; for 1.36, which the public copy of
 * that page did not have yet, `aws eks describe-cluster-versions` of 2026-09-23 and 2026-09-28 as written down in public repositories.
 *
 * Add-ons: what EKS gave public clusters by September 2026, in the record of an upgrade from 1.31 to 1.36 (kube-proxy, coredns, vpc-cni,
 * aws-ebs-csi-driver, metrics-server; all but the first two were the same from 1.34 on), in a program of a 1.36 cluster "as it exists
 * live" (eks-node-monitoring-agent v1.7.2, eks-pod-identity-agent, aws-efs-csi-driver v3.4.2, and the others again) and in an upgrade
 * guide (aws-ebs-csi-driver of 1.33). Not verified for their minor: eks-node-monitoring-agent v1.7.2 with 1.35, and
 * aws-efs-csi-driver, eks-node-monitoring-agent and, for 1.33, metrics-server of the older two. `operations preflight` asks EKS.
 *
 * Charts: tags cluster-autoscaler-chart-9.53.0 (image 1.34.2) and -9.59.0 (1.35.0, the newest) of kubernetes/autoscaler with its image tags
 * cluster-autoscaler-1.3x.y; the load balancer controller's chart is that of v2.13.4, which the IAM statements of this program were
 * held against; KEDA's is the newest of kedacore/charts in August 2026, for Kubernetes 1.23 and later.
 */
export const EKS_RELEASES: Readonly<Record<string, EksRelease>> = {
  "1.33": {
    endOfStandardSupport: "2026-07-29",
    endOfExtendedSupport: "2027-07-29",
    addons: {
      "vpc-cni": "v1.22.4-eksbuild.3",
      "kube-proxy": "v1.33.10-eksbuild.29",
      coredns: "v1.12.4-eksbuild.38",
      "eks-pod-identity-agent": "v1.3.10-eksbuild.3",
      "aws-ebs-csi-driver": "v1.61.1-eksbuild.1",
      "aws-efs-csi-driver": "v2.1.13-eksbuild.1",
      "metrics-server": "v0.8.0-eksbuild.3",
      "eks-node-monitoring-agent": "v1.4.1-eksbuild.1",
    },
    charts: { clusterAutoscaler: "9.53.0", loadBalancerController: "1.13.4", keda: KEDA_VERSION },
    clusterAutoscalerImage: "v1.33.6",
  },
  "1.34": {
    endOfStandardSupport: "2026-12-02",
    endOfExtendedSupport: "2027-12-02",
    addons: {
      "vpc-cni": "v1.22.4-eksbuild.3",
      "kube-proxy": "v1.34.6-eksbuild.29",
      coredns: "v1.12.4-eksbuild.38",
      "eks-pod-identity-agent": "v1.3.10-eksbuild.3",
      "aws-ebs-csi-driver": "v1.66.0-eksbuild.1",
      "aws-efs-csi-driver": "v2.1.13-eksbuild.1",
      "metrics-server": "v0.9.0-eksbuild.11",
      "eks-node-monitoring-agent": "v1.4.1-eksbuild.1",
    },
    charts: { clusterAutoscaler: "9.53.0", loadBalancerController: "1.13.4", keda: KEDA_VERSION },
    clusterAutoscalerImage: "v1.34.5",
  },
  "1.35": {
    endOfStandardSupport: "2027-03-27",
    endOfExtendedSupport: "2028-03-27",
    addons: {
      "vpc-cni": "v1.22.4-eksbuild.3",
      "kube-proxy": "v1.35.3-eksbuild.29",
      coredns: "v1.13.2-eksbuild.31",
      "eks-pod-identity-agent": "v1.3.10-eksbuild.3",
      "aws-ebs-csi-driver": "v1.66.0-eksbuild.1",
      "aws-efs-csi-driver": "v3.0.1-eksbuild.1",
      "metrics-server": "v0.9.0-eksbuild.11",
      "eks-node-monitoring-agent": "v1.7.2-eksbuild.1",
    },
    charts: { clusterAutoscaler: "9.59.0", loadBalancerController: "1.13.4", keda: KEDA_VERSION },
    clusterAutoscalerImage: "v1.35.2",
  },
  "1.36": {
    endOfStandardSupport: "2027-08-02",
    endOfExtendedSupport: "2028-08-02",
    addons: {
      "vpc-cni": "v1.22.4-eksbuild.3",
      "kube-proxy": "v1.36.0-eksbuild.25",
      coredns: "v1.14.3-eksbuild.23",
      "eks-pod-identity-agent": "v1.3.10-eksbuild.3",
      "aws-ebs-csi-driver": "v1.66.0-eksbuild.1",
      "aws-efs-csi-driver": "v3.4.2-eksbuild.1",
      "metrics-server": "v0.9.0-eksbuild.11",
      "eks-node-monitoring-agent": "v1.7.2-eksbuild.1",
    },
    charts: { clusterAutoscaler: "9.59.0", loadBalancerController: "1.13.4", keda: KEDA_VERSION },
    clusterAutoscalerImage: "v1.36.1",
  },
};

/** The minor version of a new cluster: the one with the longest support that a pinned Neuron node image exists for. */
export const DEFAULT_KUBERNETES_VERSION = "1.36";
