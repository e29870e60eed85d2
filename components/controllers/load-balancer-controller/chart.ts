import type * as pulumi from "@pulumi/pulumi";
import { CHART_REPOSITORIES } from "../../../domain/helmRepositories";
import { CONTROLLER_RESOURCES, type ControllerChart } from "../shared/controllerChart";

/** Service account of the load balancer controller in `kube-system`, which its role is associated with. */
export const LOAD_BALANCER_CONTROLLER_ACCOUNT = "aws-load-balancer-controller";

export interface LoadBalancerControllerArgs {
  /** Version of the chart. */
  readonly version: string;
  /** Name of the cluster whose Services get load balancers. */
  readonly clusterName: string;
  /** AWS region of the cluster. */
  readonly region: string;
  /** The VPC that load balancers are made in. */
  readonly vpcId: pulumi.Input<string>;
  /** Tags of the load balancers that the controller makes. */
  readonly tags: Readonly<Record<string, string>>;
}

/** AWS Load Balancer Controller. */
export function loadBalancerControllerChart(args: LoadBalancerControllerArgs): ControllerChart {
  return {
    role: "load-balancer-controller",
    chart: "aws-load-balancer-controller",
    repository: CHART_REPOSITORIES["aws-load-balancer-controller"],
    version: args.version,
    values: {
      clusterName: args.clusterName,
      region: args.region,
      // Told rather than asked from instance metadata, which pods cannot reach.
      vpcId: args.vpcId,
      defaultTags: args.tags,
      serviceAccount: { name: LOAD_BALANCER_CONTROLLER_ACCOUNT },
      // The webhook makes this controller the one of every new Service, and refuses them all while the controller has no endpoint:
      // other charts of a first update make Services. The gateway's Service names its controller by annotation.
      enableServiceMutatorWebhook: false,
      resources: CONTROLLER_RESOURCES,
    },
  };
}
