import { createServer, type Server, type Socket } from "node:net";
import { PortForward, type KubeConfig } from "@kubernetes/client-node";

/** A port of a pod. */
export interface PodPort {
  readonly namespace: string;
  readonly name: string;
  readonly port: number;
}

/** A local port whose connections go through the API server to a pod's port. */
export interface Forward {
  readonly port: number;
  readonly close: () => void;
}

/**
 * Listens on a free loopback port and leads each connection to the pod that `choose` names at that moment.
 */
export async function forward(
  config: KubeConfig,
  choose: () => Promise<PodPort>,
): Promise<Forward> {
  const tunnel = new PortForward(config, true);
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    const closed = new Promise<void>((resolve) => {
      socket.on("close", resolve).on("error", () => socket.destroy());
    });
    void closed.then(() => sockets.delete(socket));
    choose()
      .then(({ namespace, name, port }) =>
        tunnel.portForward(namespace, name, [port], socket, null, socket),
      )
      .then(
        (webSocket) =>
          closed.then(() => {
            (typeof webSocket === "function" ? webSocket() : webSocket)?.close();
          }),
        // The client sees a closed connection, as behind a load balancer without a target.
        () => socket.destroy(),
      );
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject).listen(0, "127.0.0.1", resolve);
  });
  const address = server.address();
  if (address === null || typeof address === "string") {
    throw new Error("the port-forward has no port");
  }
  return {
    port: address.port,
    close: () => {
      server.close();
      for (const socket of sockets) {
        socket.destroy();
      }
    },
  };
}
