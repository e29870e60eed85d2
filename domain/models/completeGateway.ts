import { catalogueFallbacks, MODEL_CATALOGUE } from "./catalogue";
import { defaultStrategy } from "../routing";
import { NETWORK_LOAD_BALANCER_DRAIN_SECONDS, SERVICE_DRAIN_SECONDS } from "../rolls";
import type { GatewaySettings } from "../settings/gateway";
import type { ParsedConfig } from "../settings/schema";

/** The gateway's settings with what follows from cluster and models filled in where nothing is written. */
export function completeGateway({ cluster, gateway, models }: ParsedConfig): GatewaySettings {
  const { routing, service } = gateway;
  const networkLoadBalancer =
    service.type === "LoadBalancer" &&
    (service.networkLoadBalancer ?? (cluster.kind === "eks" || service.tls !== undefined));
  return {
    ...gateway,
    routing: {
      ...routing,
      strategy: routing.strategy ?? defaultStrategy(routing.admission),
      fallbacks: routing.fallbacks ?? catalogueFallbacks(MODEL_CATALOGUE, Object.keys(models)),
    },
    service: {
      ...service,
      networkLoadBalancer,
      drainSeconds:
        service.drainSeconds ??
        (networkLoadBalancer ? NETWORK_LOAD_BALANCER_DRAIN_SECONDS : SERVICE_DRAIN_SECONDS),
    },
  };
}
