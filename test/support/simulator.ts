import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";
import { simulatorServer } from "../../local/simulator/server";

export type AskSimulator = (path: string, init?: RequestInit) => Promise<Response>;

/** A vLLM simulator of its own for one test, of the model `m` with two slots and a context of 100 tokens. */
export async function simulator(): Promise<AskSimulator> {
  const server = simulatorServer(
    {
      checkpoint: "/checkpoint",
      model: "m",
      host: "127.0.0.1",
      port: 0,
      maxNumSeqs: 2,
      maxModelLen: 100,
    },
    { timeToFirstTokenMs: 5, interTokenMs: 1 },
    "secret",
  );
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return (path, init = {}) =>
    fetch(`http://127.0.0.1:${port}${path}`, {
      ...init,
      headers: { authorization: "Bearer secret", ...init.headers },
    });
}

/** A request with a JSON body. */
export function post(body: object) {
  return {
    method: "POST",
    headers: { authorization: "Bearer secret", "content-type": "application/json" },
    body: JSON.stringify(body),
  };
}

/** A request for a chat completion with one message. */
export function chat(changes: object = {}) {
  return post({ model: "m", messages: [{ role: "user", content: "hi" }], ...changes });
}

/** The data of each event of a stream, parsed but for the last word `[DONE]`. */
export async function dataOf(response: Response): Promise<unknown[]> {
  const lines = (await response.text()).split("\n").filter((line) => line.startsWith("data: "));
  return lines.map((line) => {
    const data = line.slice("data: ".length);
    return data === "[DONE]" ? data : (JSON.parse(data) as unknown);
  });
}
