/** How a simulated server ends: its clients go elsewhere, and what was begun is answered. */
import { once } from "node:events";
import { Agent, createServer, get, type IncomingMessage, type ServerResponse } from "node:http";
import { connect, type AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { expect, onTestFinished, test } from "vitest";
import { endGently } from "../../../../local/simulator/ending";

/** A server whose answers are given by the test, and a client that keeps its one connection. */
async function serving() {
  const server = createServer();
  // Nothing but its end closes a connection.
  server.keepAliveTimeout = 0;
  const end = endGently(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  onTestFinished(() => {
    agent.destroy();
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  const ask = async () => {
    const asked = once(server, "request") as Promise<[IncomingMessage, ServerResponse]>;
    const request = get({ host: "127.0.0.1", port, agent });
    const answered = once(request, "response") as Promise<[IncomingMessage]>;
    const [, response] = await asked;
    return { response, answered: answered.then(([answer]) => answer) };
  };
  const ended = once(server, "close");
  /** A connection that has not asked yet. */
  const connected = async () => {
    const seen = once(server, "connection");
    const socket = connect(port, "127.0.0.1");
    await seen;
    return socket;
  };
  return { ask, connected, end, ended, server };
}

test("a connection stays while it does not end", async () => {
  const { ask } = await serving();
  for (let round = 0; round < 2; round += 1) {
    const { response, answered } = await ask();
    response.end("answer");
    const answer = await answered;
    expect(answer.headers.connection).toBe("keep-alive");
    expect(await text(answer)).toBe("answer");
  }
});

test("an answer that was not begun says that the connection goes", async () => {
  const { ask, end, ended } = await serving();
  const { response, answered } = await ask();
  end();
  response.end("answer");
  const answer = await answered;
  expect(answer.headers.connection).toBe("close");
  expect(await text(answer)).toBe("answer");
  await ended;
});

test("a stream that was begun is given to its end, and its connection goes with it", async () => {
  const { ask, end, ended } = await serving();
  const { response, answered } = await ask();
  response.write("first ");
  const answer = await answered;
  end();
  response.end("last");
  expect(await text(answer)).toBe("first last");
  await ended;
});

test("who has connected before and asks after is answered, and told that the connection goes", async () => {
  const { connected, end, ended, server } = await serving();
  const socket = await connected();
  server.once("request", (_request, response: ServerResponse) => response.end("answer"));
  end();
  socket.write("GET / HTTP/1.1\r\nhost: x\r\n\r\n");
  expect(await text(socket)).toMatch(/^HTTP\/1\.1 200 OK\r\n(.*\r\n)*Connection: close\r\n/);
  await ended;
});
