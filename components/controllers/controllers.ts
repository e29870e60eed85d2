import * as pulumi from "@pulumi/pulumi";
import { EKS_RELEASES } from "../../domain/eksReleases";
import type { EksClusterSettings } from "../../domain/settings/cluster";
import { clusterAutoscalerChart } from "./cluster-autoscaler/chart";
import { loadBalancerControllerChart } from "./load-balancer-controller/chart";
import { chartRelease } from "./shared/chartRelease";
import type { ControllerChart } from "./shared/controllerChart";

/** Inputs of {@link Controllers}. */
export interface ControllersArgs extends Pick<
  EksClusterSettings,
  "chartValues" | "chartVersions" | "kubernetesVersion" | "region"
> {
  /** Name of the cluster that the controllers look after. */
  readonly clusterName: string;
  /** The VPC that load balancers are made in. */
  readonly vpcId: pulumi.Input<string>;
  /** Tags of the load balancers that the controller makes. */
  readonly tags: Readonly<Record<string, string>>;
}

/** Cluster Autoscaler and AWS Load Balancer Controller from their official charts. */
export class Controllers extends pulumi.ComponentResource {
  /** The load balancer controller: a Service of its class waits for it. */
  public readonly loadBalancers: pulumi.Resource;

  public constructor(name: string, args: ControllersArgs, opts: pulumi.ComponentResourceOptions) {
    super("llm-gateway:addons:Controllers", name, {}, opts);
    const { chartVersions, chartValues, kubernetesVersion, ...common } = args;
    const release = (chart: ControllerChart, own: Readonly<Record<string, unknown>>) =>
      chartRelease(name, chart, "kube-system", own, { parent: this });
    release(
      clusterAutoscalerChart({
        ...common,
        version: chartVersions.clusterAutoscaler,
        image: EKS_RELEASES[kubernetesVersion]?.clusterAutoscalerImage,
      }),
      chartValues.clusterAutoscaler,
    );
    this.loadBalancers = release(
      loadBalancerControllerChart({ ...common, version: chartVersions.loadBalancerController }),
      chartValues.loadBalancerController,
    );
    this.registerOutputs();
  }
}
