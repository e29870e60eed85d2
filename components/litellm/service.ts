import type { types } from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { selector } from "../../domain/labels";
import {
  IDLE_ATTRIBUTE,
  IDLE_SECONDS,
  idleSeconds,
  listenerAttributes,
  loadBalancerAnnotation,
} from "../../domain/loadBalancer";
import { GATEWAY, GATEWAY_PORT, HOST_NAME_ANNOTATION, HTTPS_PORT } from "../../domain/names";
import { deregistrationSeconds, type PodTimes } from "../../domain/rolls";
import type { ServiceSettings } from "../../domain/settings/gateway";
import type { RoutingSettings } from "../../domain/settings/routing";

/** What the gateway's Service follows from. */
export interface GatewayServiceArgs {
  /** How clients reach the gateway. */
  readonly service: ServiceSettings;
  /** How long a request may take. */
  readonly routing: Pick<
    RoutingSettings,
    "admission" | "fallbacks" | "requestTimeoutSeconds" | "retries"
  >;
  /** How long a pod takes to end. */
  readonly times: Omit<PodTimes, "startSeconds">;
  /** ARN of the certificate that the load balancer shows; needed where `service.tls` is set. */
  readonly certificateArn?: pulumi.Input<string> | undefined;
}

/** What a Service's status says of its load balancer; before the first look nothing. */
export interface LoadBalancerStatus {
  /** Where it answers. */
  readonly ingress?: readonly { readonly hostname?: string; readonly ip?: string }[];
}

/** Host name or address of the load balancer, empty while there is none. */
export function balancerAddress(status: LoadBalancerStatus | undefined): string {
  const first = status?.ingress?.[0];
  return first?.hostname ?? first?.ip ?? "";
}

/** Name of the gateway's Service inside the cluster. */
export function clusterAddress(namespace: string): string {
  return `${GATEWAY}.${namespace}.svc`;
}

/** OpenAI base URL of the gateway, given the address that clients reach it by. */
export function baseUrl(settings: Pick<ServiceSettings, "tls">, address: string): string {
  return settings.tls === undefined
    ? `http://${address}:${GATEWAY_PORT}/v1`
    : `https://${settings.tls.hostName}/v1`;
}

/** Metadata and spec of the gateway's Service. */
export function serviceSpec(args: GatewayServiceArgs): {
  readonly metadata: { readonly annotations: Record<string, pulumi.Input<string>> };
  readonly spec: types.input.core.v1.ServiceSpec;
} {
  const { service } = args;
  const balanced = service.type === "LoadBalancer";
  return {
    metadata: {
      annotations: {
        // The Service comes before its pods, which the provider would wait for by default.
        ...(balanced
          ? { "pulumi.com/waitFor": "jsonpath={.status.loadBalancer.ingress[0]}" }
          : { "pulumi.com/skipAwait": "true" }),
        ...(balanced ? balancerAnnotations(args) : {}),
        // Operators ask for the certificate's name, which the load balancer's own is not.
        ...(service.tls === undefined ? {} : { [HOST_NAME_ANNOTATION]: service.tls.hostName }),
        ...service.annotations,
      },
    },
    spec: {
      type: service.type,
      selector: selector(GATEWAY),
      ports: [
        service.tls === undefined
          ? { name: "http", port: GATEWAY_PORT, targetPort: "http" }
          : { name: "https", port: HTTPS_PORT, targetPort: "http" },
      ],
      ...(balanced && service.allowedSourceRanges.length > 0
        ? { loadBalancerSourceRanges: [...service.allowedSourceRanges] }
        : {}),
    },
  };
}

/** What the AWS Load Balancer Controller reads; other controllers take no notice of it. */
function balancerAnnotations({
  service,
  routing,
  times,
  certificateArn,
}: GatewayServiceArgs): Record<string, pulumi.Input<string>> {
  const idle = idleSeconds(routing);
  const deregistration = deregistrationSeconds(times);
  return annotations({
    type: "external",
    "nlb-target-type": "ip",
    scheme: service.internal ? "internal" : "internet-facing",
    attributes: `load_balancing.cross_zone.enabled=${service.crossZone}`,
    "target-group-attributes": `deregistration_delay.timeout_seconds=${deregistration}`,
    ...(certificateArn === undefined
      ? {}
      : {
          "ssl-cert": certificateArn,
          "ssl-ports": String(HTTPS_PORT),
          // The load balancer's own default still takes TLS 1.0.
          "ssl-negotiation-policy": "ELBSecurityPolicy-TLS13-1-2-2021-06",
        }),
    // A TLS listener has no such attribute.
    ...(certificateArn !== undefined || idle === IDLE_SECONDS.usual
      ? {}
      : { [listenerAttributes(GATEWAY_PORT)]: `${IDLE_ATTRIBUTE}=${idle}` }),
  });
}

function annotations(
  values: Readonly<Record<string, pulumi.Input<string>>>,
): Record<string, pulumi.Input<string>> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [loadBalancerAnnotation(name), value]),
  );
}
