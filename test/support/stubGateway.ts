/** An HTTP server in place of a gateway, or of one of its pods. */
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

/** What it was asked. */
export interface AskedOfGateway {
  readonly method: string;
  readonly path: string;
  readonly authorization: string;
  readonly contentType: string;
  readonly body: string;
}

export interface StubGateway {
  readonly port: number;
  /** Every request, in order. */
  readonly asked: readonly AskedOfGateway[];
  /** Connections that were ever opened. */
  readonly opened: () => number;
  /** Connections that are open now. */
  readonly connections: () => number;
  close(): Promise<void>;
}

/** Serves what `answer` says on a free loopback port; a text is a page, everything else JSON, undefined is not found. */
export async function serveGateway(
  answer: (asked: AskedOfGateway) => unknown,
): Promise<StubGateway> {
  const asked: AskedOfGateway[] = [];
  let opened = 0;
  let connections = 0;
  const read = async (request: IncomingMessage): Promise<unknown> => {
    const one = {
      method: request.method ?? "",
      path: request.url ?? "",
      authorization: request.headers.authorization ?? "",
      contentType: request.headers["content-type"] ?? "",
      body: await text(request),
    };
    asked.push(one);
    return answer(one);
  };
  const server = createServer((request, response) => {
    void read(request).then((body) => {
      response.statusCode = body === undefined ? 404 : 200;
      response.end(typeof body === "string" ? body : JSON.stringify(body ?? "not found"));
    });
  });
  // The server tells its clients, too: a connection ends when somebody ends it, and not by itself within a test.
  server.keepAliveTimeout = 600_000;
  server.on("connection", (socket) => {
    opened += 1;
    connections += 1;
    socket.on("close", () => (connections -= 1));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    port,
    asked,
    opened: () => opened,
    connections: () => connections,
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}
