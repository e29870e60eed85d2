import { CoreV1Api } from "@kubernetes/client-node";
import { gatewayPods, gatewayPort, type Connection } from "../stack/connection";
import { forward, type Forward } from "../stack/forward";
import { isReady } from "../stack/pods";
import { GatewayClient } from "../stack/gatewayClient";

/** Counter of LiteLLM's Prometheus metrics, by the routing entry that was asked. */
const COUNTER = /^litellm_deployment_total_requests_total\{(.*)\} ([0-9.e+]+)$/;

/** Requests that each routing entry has been sent, summed over the lines of a `/metrics` page. */
export function requestsByReplica(metrics: string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const line of metrics.split("\n")) {
    const [, labels = "", value] = COUNTER.exec(line) ?? [];
    const replica = /(?:^|,)model_id="([^"]*)"/.exec(labels)?.[1];
    if (value !== undefined && replica !== undefined && !["", "None"].includes(replica)) {
      counts.set(replica, (counts.get(replica) ?? 0) + Number(value));
    }
  }
  return counts;
}

/** Counters of one gateway pod at a moment. */
export interface Reading {
  /** Milliseconds on the clock of `performance.now()`. */
  readonly atMs: number;
  /** Requests so far by routing entry. */
  readonly counts: ReadonlyMap<string, number>;
}

/** Reads the counters of every gateway pod, each through a port-forward of its own that lives as long as the pod. */
export class ReplicaRequests {
  private readonly forwards = new Map<string, Forward>();

  public constructor(private readonly connection: Connection) {}

  /** @returns one reading by pod; a pod that does not answer is left out */
  public async read(): Promise<Map<string, Reading>> {
    const { config, namespace, gateway } = this.connection;
    const pods = await gatewayPods(config.makeApiClient(CoreV1Api), namespace);
    const names = new Set(pods.map(({ metadata }) => metadata?.name ?? ""));
    for (const [name, forwarded] of this.forwards) {
      if (!names.has(name)) {
        forwarded.close();
        this.forwards.delete(name);
      }
    }
    const found = await Promise.all(
      pods.filter(isReady).map(async (pod) => {
        const name = pod.metadata?.name ?? "";
        let forwarded = this.forwards.get(name);
        if (forwarded === undefined) {
          const port = gatewayPort(pod);
          forwarded = await forward(config, () => Promise.resolve({ namespace, name, port }));
          this.forwards.set(name, forwarded);
        }
        const client = new GatewayClient(`http://127.0.0.1:${forwarded.port}`, gateway.access.key);
        // A pod that ends between the list and this request is not an error of the watch.
        const answer = await client.get("/metrics/").catch(() => undefined);
        return answer?.status === 200
          ? [[name, { atMs: performance.now(), counts: requestsByReplica(answer.text) }] as const]
          : [];
      }),
    );
    return new Map(found.flat());
  }

  public close(): void {
    for (const forwarded of this.forwards.values()) {
      forwarded.close();
    }
  }
}

/** Requests per second of each entry between two readings; a pod that is new, or was restarted, counts from its next one. */
export function ratesOf(
  before: ReadonlyMap<string, Reading>,
  after: ReadonlyMap<string, Reading>,
): Map<string, number> {
  const rates = new Map<string, number>();
  for (const [pod, { atMs, counts }] of after) {
    const earlier = before.get(pod);
    for (const [replica, count] of counts) {
      const rate =
        earlier === undefined
          ? 0
          : Math.max(0, count - (earlier.counts.get(replica) ?? 0)) /
            Math.max(0.001, (atMs - earlier.atMs) / 1000);
      rates.set(replica, (rates.get(replica) ?? 0) + rate);
    }
  }
  return rates;
}
