import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

export interface ControllersArgs {
  readonly clusterName: string;
  readonly region: string;
  readonly vpcId: pulumi.Input<string>;
  readonly chartVersions: {
    readonly clusterAutoscaler: string;
    readonly loadBalancerController: string;
  };
  /** Tags of the load balancers that the controller makes. */
  readonly tags: Readonly<Record<string, string>>;
}

/** Service accounts of the controllers in `kube-system`, which their roles are associated with. */
export const CLUSTER_AUTOSCALER_ACCOUNT = "cluster-autoscaler";
export const LOAD_BALANCER_CONTROLLER_ACCOUNT = "aws-load-balancer-controller";

const REQUESTS = { requests: { cpu: "100m", memory: "256Mi" }, limits: { memory: "512Mi" } };

/** Cluster Autoscaler and AWS Load Balancer Controller from their official charts. */
export class Controllers extends pulumi.ComponentResource {
  /** The load balancer controller: a Service of its class waits for it. */
  public readonly loadBalancers: pulumi.Resource;

  public constructor(name: string, args: ControllersArgs, opts: pulumi.ComponentResourceOptions) {
    super("llm-gateway:addons:Controllers", name, {}, opts);
    const release = (
      role: string,
      chart: string,
      version: string,
      repo: string,
      values: Record<string, unknown>,
    ) =>
      new k8s.helm.v3.Release(
        `${name}-${role}`,
        {
          name: chart,
          chart,
          version,
          namespace: "kube-system",
          repositoryOpts: { repo },
          values,
        },
        { parent: this },
      );
    release(
      "cluster-autoscaler",
      "cluster-autoscaler",
      args.chartVersions.clusterAutoscaler,
      "https://kubernetes.github.io/autoscaler",
      {
        cloudProvider: "aws",
        awsRegion: args.region,
        autoDiscovery: { clusterName: args.clusterName },
        rbac: { serviceAccount: { name: CLUSTER_AUTOSCALER_ACCOUNT } },
        resources: REQUESTS,
        extraArgs: {
          "balance-similar-node-groups": true,
          // A model server takes minutes to load: a node goes only after it stood empty for a while.
          "scale-down-unneeded-time": "20m",
          // Neuron nodes are ready before they offer their devices; until then they must not count as unneeded.
          "scale-down-delay-after-add": "20m",
        },
      },
    );
    this.loadBalancers = release(
      "load-balancer-controller",
      "aws-load-balancer-controller",
      args.chartVersions.loadBalancerController,
      "https://aws.github.io/eks-charts",
      {
        clusterName: args.clusterName,
        region: args.region,
        // Told rather than asked from instance metadata, which pods cannot reach.
        vpcId: args.vpcId,
        defaultTags: args.tags,
        serviceAccount: { name: LOAD_BALANCER_CONTROLLER_ACCOUNT },
        resources: REQUESTS,
      },
    );
    this.registerOutputs();
  }
}
