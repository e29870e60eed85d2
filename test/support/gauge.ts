import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { loopbackOf, podAddress } from "../../local/processes/addresses";

/** A process that serves gauges at the address of a pod. */
export interface Gauges {
  /** The pod's cluster address. */
  readonly address: string;
  readonly port: number;
  readonly set: (values: Readonly<Record<string, number>>) => void;
  readonly close: () => Promise<void>;
}

/**
 * Serves Prometheus gauges where the process of a pod would listen.
 *
 * @param podNetwork of the environment
 * @param index number of the pod, one that no other pod has
 */
export async function serveGauges(podNetwork: number, index: number): Promise<Gauges> {
  const address = podAddress(podNetwork, index);
  let text = "";
  const server = createServer((_request, response) => {
    response.writeHead(200, { "content-type": "text/plain; version=0.0.4" }).end(text);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, loopbackOf(address), resolve);
  });
  return {
    address,
    port: (server.address() as AddressInfo).port,
    set: (values) => {
      text = Object.entries(values)
        .map(([name, value]) => `# TYPE ${name} gauge\n${name}{model_name="m"} ${value}\n`)
        .join("");
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}
