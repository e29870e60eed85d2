import type { types } from "@pulumi/kubernetes";
import { selector } from "../labels";
import { GATEWAY, GATEWAY_PORT } from "./names";

/** How clients reach the gateway. */
export interface ServiceSettings {
  readonly type: "LoadBalancer" | "ClusterIP";
  /** Keep the load balancer inside the network; `false` asks for one with a public address. */
  readonly internal: boolean;
  /** CIDRs that may connect; all when empty. */
  readonly allowedSourceRanges: readonly string[];
  /** Annotations for the cluster's load-balancer controller; they win over the defaults. */
  readonly annotations: Readonly<Record<string, string>>;
}

/** Metadata and spec of the gateway's Service. Annotations: AWS Load Balancer Controller, "Network Load Balancer". */
export function serviceSpec(settings: ServiceSettings): {
  readonly metadata: { readonly annotations: Record<string, string> };
  readonly spec: types.input.core.v1.ServiceSpec;
} {
  const balanced = settings.type === "LoadBalancer";
  return {
    metadata: {
      annotations: {
        ...(balanced
          ? {
              "service.beta.kubernetes.io/aws-load-balancer-type": "external",
              "service.beta.kubernetes.io/aws-load-balancer-nlb-target-type": "ip",
              "service.beta.kubernetes.io/aws-load-balancer-scheme": settings.internal
                ? "internal"
                : "internet-facing",
            }
          : {}),
        ...settings.annotations,
      },
    },
    spec: {
      type: settings.type,
      selector: selector(GATEWAY),
      ports: [{ name: "http", port: GATEWAY_PORT, targetPort: "http" }],
      ...(balanced && settings.allowedSourceRanges.length > 0
        ? { loadBalancerSourceRanges: [...settings.allowedSourceRanges] }
        : {}),
    },
  };
}
