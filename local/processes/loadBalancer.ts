import { connect, createServer, type Server, type Socket } from "node:net";

/**
 * The load balancer of one port: each connection goes to the next backend in turn, as with a network load balancer. A
 * backend that refuses is passed over; without any, the connection is closed.
 */
export class LoadBalancer {
  private backends: readonly string[] = [];
  private next = 0;
  private readonly server: Server;

  public constructor(
    address: string,
    port: number,
    private readonly targetPort: number,
    onError: (error: Error) => void,
  ) {
    this.server = createServer((client) => {
      client.on("error", () => client.destroy());
      this.forward(client, this.backends.length);
    });
    this.server.on("error", onError);
    this.server.listen(port, address);
  }

  /** Loopback addresses that may get new connections; open connections stay where they are. */
  public route(backends: readonly string[]): void {
    this.backends = backends;
  }

  public close(): void {
    this.server.close();
  }

  private forward(client: Socket, attempts: number): void {
    const host = this.backends[this.next % Math.max(1, this.backends.length)];
    this.next += 1;
    if (host === undefined || attempts === 0 || client.destroyed) {
      client.destroy();
      return;
    }
    const backend = connect({ host, port: this.targetPort });
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
