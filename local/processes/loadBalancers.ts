import type { V1Pod, V1Service } from "@kubernetes/client-node";
import { backendOf, publishedPods, type Backend } from "./endpoints";
import { LoadBalancer } from "./loadBalancer";

/** A port that some load balancer listens on. */
export interface BalancedPort {
  /** Namespace, name and port of the Service, for the log. */
  readonly service: string;
  /** Loopback address, from the Service's status. */
  readonly address: string;
  readonly port: number;
  readonly backends: readonly Backend[];
}

/**
 * The ports that load balancers must listen on: of each Service of that type that has got an address and is not being deleted,
 * its TCP ports. A cloud's controller registers the pods that the Service publishes.
 */
export function balancedPorts(
  services: readonly V1Service[],
  pods: readonly V1Pod[],
): BalancedPort[] {
  return services.flatMap((service) => {
    const { metadata, spec, status } = service;
    const address = status?.loadBalancer?.ingress?.[0]?.ip;
    if (
      spec?.type !== "LoadBalancer" ||
      metadata?.deletionTimestamp !== undefined ||
      // Anything else would open this machine to others.
      address?.startsWith("127.") !== true
    ) {
      return [];
    }
    const published = publishedPods(service, pods);
    return (spec.ports ?? [])
      .filter(({ protocol = "TCP" }) => protocol === "TCP")
      .map((entry) => ({
        service: `${metadata?.namespace}/${metadata?.name}:${entry.port}`,
        address,
        port: entry.port,
        backends: published.flatMap((pod) => backendOf(pod, entry) ?? []),
      }));
  });
}

/** The load balancers of an environment, which follow their Services. */
export class LoadBalancers {
  private readonly open = new Map<string, LoadBalancer>();
  private readonly failures = new Map<string, string>();

  /** @param log told once of an address that cannot be listened on; it is tried again with every {@link follow} */
  public constructor(private readonly log: (line: string) => void) {}

  /** Opens what is new, closes what is gone, and routes the rest. */
  public follow(wanted: readonly BalancedPort[]): void {
    const byKey = new Map(wanted.map((port) => [`${port.address}:${port.port}`, port]));
    for (const [key, balancer] of this.open) {
      if (!byKey.has(key)) {
        balancer.close();
        this.open.delete(key);
        this.failures.delete(key);
      }
    }
    for (const [key, { service, address, port, backends }] of byKey) {
      const balancer =
        this.open.get(key) ??
        new LoadBalancer(address, port, (error) => {
          this.open.delete(key);
          if (this.failures.get(key) !== error.message) {
            this.failures.set(key, error.message);
            this.log(`load balancer of ${service}: ${error.message}`);
          }
        });
      this.open.set(key, balancer);
      balancer.route(backends);
    }
  }

  public close(): void {
    this.follow([]);
  }
}
