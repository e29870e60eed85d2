import type { types } from "@pulumi/kubernetes";
import { selector } from "../../domain/labels";
import { GATEWAY, GATEWAY_PORT } from "../../domain/names";
import type { ServiceSettings } from "../../domain/settings/gateway";

const HTTPS_PORT = 443;

/** OpenAI base URL of the gateway, given the address that its load balancer got. */
export function baseUrl(settings: ServiceSettings, address: string): string {
  return settings.tls === undefined
    ? `http://${address}:${GATEWAY_PORT}/v1`
    : `https://${settings.tls.hostName}/v1`;
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
        ...(settings.tls === undefined
          ? {}
          : {
              "service.beta.kubernetes.io/aws-load-balancer-ssl-cert": settings.tls.certificateArn,
              "service.beta.kubernetes.io/aws-load-balancer-ssl-ports": String(HTTPS_PORT),
              // The load balancer's own default still takes TLS 1.0.
              "service.beta.kubernetes.io/aws-load-balancer-ssl-negotiation-policy":
                "ELBSecurityPolicy-TLS13-1-2-2021-06",
            }),
        ...settings.annotations,
      },
    },
    spec: {
      type: settings.type,
      selector: selector(GATEWAY),
      ports: [
        settings.tls === undefined
          ? { name: "http", port: GATEWAY_PORT, targetPort: "http" }
          : { name: "https", port: HTTPS_PORT, targetPort: "http" },
      ],
      ...(balanced && settings.allowedSourceRanges.length > 0
        ? { loadBalancerSourceRanges: [...settings.allowedSourceRanges] }
        : {}),
    },
  };
}
