import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { KEDA_NAMESPACE } from "../../../domain/keda";
import { labels, projectLabels, PROJECT, selector } from "../../../domain/labels";
import { SIGNALS_PORT } from "../../../domain/gatewaySignals";
import { GATEWAY, VLLM_PORT } from "../../../domain/names";
import type { Cidr } from "../../../domain/cidr";
import type { ClusterSettings } from "../../../domain/settings/cluster";
import type { RequestScaling } from "../../../domain/settings/requestScaling";
import { guardedNamespace } from "../../kubernetes/guardedNamespace";
import { chartRelease } from "../shared/chartRelease";
import { kedaChart } from "./chart";
import { kedaNetworkPolicies } from "./networkPolicies";

/** Inputs of {@link Keda}. */
export interface KedaArgs {
  /** Version of the chart. */
  readonly version: string;
  /** Values laid over the platform's own, as Helm does. */
  readonly values: Readonly<Record<string, unknown>>;
  /** Namespace of the gateway, which must be there. */
  readonly gatewayNamespace: string;
  /** Namespace of the model servers, which must be there. */
  readonly modelNamespace: string;
  /** Block of the VPC. @default - unknown: the API server has a private address */
  readonly vpcCidr?: Cidr | undefined;
}

/**
 * KEDA from its official chart, in a namespace of its own. ScaledObjects come after it and go before it: it takes their finalizers
 * away.
 */
export class Keda extends pulumi.ComponentResource {
  public constructor(name: string, args: KedaArgs, opts: pulumi.ComponentResourceOptions) {
    super("llm-gateway:addons:Keda", name, {}, opts);
    const parent = { parent: this };
    const { gatewayNamespace, modelNamespace } = args;
    const namespace = guardedNamespace(
      `${name}-namespace`,
      KEDA_NAMESPACE,
      "restricted",
      {},
      parent,
    );
    const policies = Object.entries(
      kedaNetworkPolicies(
        [
          { namespace: modelNamespace, matchLabels: projectLabels("server"), port: VLLM_PORT },
          { namespace: gatewayNamespace, matchLabels: selector(GATEWAY), port: SIGNALS_PORT },
        ],
        args.vpcCidr,
      ),
    ).map(
      ([role, spec]) =>
        new k8s.networking.v1.NetworkPolicy(
          `${name}-${role}`,
          {
            metadata: {
              name: `keda-${role}`,
              namespace: KEDA_NAMESPACE,
              labels: labels(PROJECT, "network"),
            },
            spec,
          },
          { ...parent, dependsOn: [namespace] },
        ),
    );
    const chart = kedaChart({
      version: args.version,
      namespaces: [modelNamespace, gatewayNamespace],
    });
    // It is not ready before it has reached the API server.
    const dependsOn = [namespace, ...policies];
    chartRelease(name, chart, KEDA_NAMESPACE, args.values, { ...parent, dependsOn });
    this.registerOutputs();
  }
}

/** What of a stack's settings {@link installKeda} reads. */
export interface KedaSettings {
  /** Whether KEDA is wanted, and whose it is. */
  readonly autoscaling: RequestScaling;
  /** The cluster, with version and values of the chart where the stack makes it. */
  readonly cluster: ClusterSettings;
  /** The gateway. */
  readonly gateway: {
    /** Its namespace. */
    readonly namespace: string;
  };
  /** Namespace of the model servers. */
  readonly modelNamespace: string;
}

/** KEDA, where the stack installs it. @returns what ScaledObjects wait for */
export function installKeda(
  name: string,
  { autoscaling, cluster, gateway, modelNamespace }: KedaSettings,
  opts: pulumi.ComponentResourceOptions,
): Keda[] {
  return cluster.kind === "eks" && autoscaling.install
    ? [
        new Keda(
          name,
          {
            version: cluster.chartVersions.keda,
            values: cluster.chartValues.keda,
            gatewayNamespace: gateway.namespace,
            modelNamespace,
            vpcCidr: cluster.network.cidr,
          },
          opts,
        ),
      ]
    : [];
}
