import {
  createServer,
  request,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from "node:http";
import { isIPv4 } from "node:net";
import { indexOf, loopbackOf } from "../processes/addresses";

/** Headers that are between two neighbours, by RFC 9110 7.6.1, and those of a proxy. */
const BETWEEN_NEIGHBOURS = [
  "connection",
  "keep-alive",
  "proxy-connection",
  "proxy-authorization",
  "te",
  "upgrade",
];

/**
 * A forward proxy to the pods of one environment and to nothing else: a request for a pod's cluster address goes to the loopback address
 * where its process listens. KEDA takes it for its HTTP proxy, and so reads the endpoints that the API server tells it.
 *
 * @param podNetwork second number of the addresses of the environment's pods
 */
export function podProxy(podNetwork: number): Server {
  const server = createServer((incoming, response) => {
    const target = podTarget(podNetwork, incoming.url ?? "");
    if (target === undefined) {
      response.writeHead(403).end("this proxy leads to the pods of its environment alone\n");
      return;
    }
    forward(target, incoming, response);
  });
  server.on("connect", (_request, socket) => {
    socket.end("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
  });
  return server;
}

/** Where a request really goes; undefined for everything but a pod's HTTP port. */
export function podTarget(podNetwork: number, url: string): URL | undefined {
  if (!URL.canParse(url)) {
    return undefined;
  }
  const target = new URL(url);
  if (
    target.protocol !== "http:" ||
    !isIPv4(target.hostname) ||
    indexOf(podNetwork, target.hostname) === undefined
  ) {
    return undefined;
  }
  target.hostname = loopbackOf(target.hostname);
  return target;
}

function forward(target: URL, incoming: IncomingMessage, response: ServerResponse): void {
  const headers = Object.fromEntries(
    Object.entries(incoming.headers).filter(([name]) => !BETWEEN_NEIGHBOURS.includes(name)),
  );
  const outgoing = request(target, { method: incoming.method, headers, agent: false }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(response);
    answer.on("error", () => response.destroy());
  });
  outgoing.on("error", (error) => {
    if (response.headersSent) {
      response.destroy();
    } else {
      response.writeHead(502).end(`${error.message}\n`);
    }
  });
  response.on("close", () => outgoing.destroy());
  incoming.pipe(outgoing);
}
