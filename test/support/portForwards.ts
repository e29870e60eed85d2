/** Port-forwards of a Kubernetes API, each to a server on this machine. */
import { connect } from "node:net";
import type { Server } from "node:http";
import { WebSocketServer, type WebSocket } from "ws";

/** Local ports by `namespace/pod:port`. They may be changed meanwhile. */
export type ForwardedPorts = Record<string, number>;

/** The one protocol that the API server of every supported version speaks. */
const PROTOCOL = "v4.channel.k8s.io";
const PATH = /^\/api\/v1\/namespaces\/([^/]+)\/pods\/([^/]+)\/portforward$/;
/** First byte of a message: the stream of the first port's data, and that of its errors. */
const [DATA, ERRORS] = [0, 1];

/** Serves the port-forwards of pods; one to a port that is not given is refused as the API server refuses it, with 404. */
export function servePortForwards(server: Server, ports: ForwardedPorts): void {
  const sockets = new WebSocketServer({
    noServer: true,
    handleProtocols: (offered) => (offered.has(PROTOCOL) ? PROTOCOL : false),
  });
  server.on("upgrade", (request, socket, head) => {
    const { pathname, searchParams } = new URL(request.url ?? "", "http://api");
    const [, namespace = "", pod = ""] = PATH.exec(pathname) ?? [];
    const wanted = Number(searchParams.get("ports"));
    const port = ports[`${namespace}/${pod}:${wanted}`];
    if (port === undefined) {
      socket.end("HTTP/1.1 404 Not Found\r\nconnection: close\r\n\r\n");
      return;
    }
    sockets.handleUpgrade(request, socket, head, (webSocket) => {
      tunnel(webSocket, wanted, port);
    });
  });
}

function tunnel(webSocket: WebSocket, wanted: number, port: number): void {
  const target = connect(port, "127.0.0.1");
  const number = Buffer.alloc(2);
  number.writeUInt16LE(wanted);
  // Each stream begins with the pod's port.
  for (const stream of [DATA, ERRORS]) {
    webSocket.send(Buffer.concat([Buffer.from([stream]), number]));
  }
  target
    .on("data", (part: Buffer) => {
      webSocket.send(Buffer.concat([Buffer.from([DATA]), part]));
    })
    .on("error", () => {
      webSocket.terminate();
    })
    .on("close", () => {
      webSocket.close();
    });
  webSocket
    .on("message", (message) => {
      const bytes = Buffer.isBuffer(message) ? message : Buffer.alloc(0);
      if (bytes[0] === DATA) {
        target.write(bytes.subarray(1));
      }
    })
    .on("close", () => {
      target.destroy();
    });
}
