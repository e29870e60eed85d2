import type { Server, ServerResponse } from "node:http";

/**
 * How a server ends on SIGTERM, as uvicorn under vLLM does: no new connection, answers under way end, and each connection with its answer.
 * Node alone keeps a connection open that is never idle, so that a client with one would be served for ever.
 *
 * @returns what begins the end; the server emits `close` once the last answer is given
 */
export function endGently(server: Server): () => void {
  const underWay = new Set<ServerResponse>();
  let ending = false;
  server.prependListener("request", (_request, response) => {
    underWay.add(response);
    response.once("close", () => underWay.delete(response));
    if (ending) {
      response.shouldKeepAlive = false;
    }
  });
  return () => {
    ending = true;
    server.close();
    for (const response of underWay) {
      if (response.headersSent) {
        // Its client was told that the connection stays. Node takes the socket from an answer that has ended.
        const { socket } = response;
        response.once("finish", () => socket?.end());
      } else {
        response.shouldKeepAlive = false;
      }
    }
  };
}
