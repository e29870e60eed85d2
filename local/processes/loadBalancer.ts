import { connect, createServer, type Server, type Socket } from "node:net";
import type { Backend } from "./endpoints";

/**
 * The load balancer of one port: each connection goes to the next backend in turn, as with a network load balancer. A
 * backend that refuses is passed over; without any, the connection is closed.
 */
export class LoadBalancer {
  private backends: readonly Backend[] = [];
  private next = 0;
  private readonly server: Server;
  private readonly clients = new Set<Socket>();

  /** @param onError called when the address cannot be listened on; the load balancer is of no use then */
  public constructor(address: string, port: number, onError: (error: Error) => void) {
    this.server = createServer((client) => {
      this.clients.add(client);
      client.on("close", () => this.clients.delete(client));
      client.on("error", () => client.destroy());
      this.forward(client, this.backends.length);
    });
    this.server.on("error", onError);
    this.server.listen(port, address);
  }

  /** Where new connections may go; open connections stay where they are. */
  public route(backends: readonly Backend[]): void {
    this.backends = backends;
  }

  /** Ends the load balancer and every connection through it. */
  public close(): void {
    this.server.close();
    for (const client of this.clients) {
      client.destroy();
    }
  }

  private forward(client: Socket, attempts: number): void {
    const next = this.backends[this.next % Math.max(1, this.backends.length)];
    this.next += 1;
    if (next === undefined || attempts === 0 || client.destroyed) {
      client.destroy();
      return;
    }
    const backend = connect(next);
    const retry = () => {
      backend.destroy();
      this.forward(client, attempts - 1);
    };
    backend.once("error", retry);
    backend.once("connect", () => {
      backend.off("error", retry);
      backend.on("error", () => client.destroy());
      client.pipe(backend).pipe(client);
      client.on("close", () => backend.destroy());
      backend.on("close", () => client.destroy());
    });
  }
}
