/** Requests of a load: a gateway that answers as a test says, and what comes of them. */
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";
import type { Outcome } from "../../operations/load/request";

/** Serves until the test ends. @returns the base URL */
export async function served(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** @param timeoutMs longest wait for an answer */
export const target = (url: string, timeoutMs = 60_000) => ({
  url,
  key: "key",
  model: "m",
  stream: true,
  timeoutMs,
});

export const SIZE = { promptTokens: 8, outputTokens: 4 };

/** What became of a request: an answer of 100 ms, with changes. */
export const outcomeAt = (atMs: number, changes: Partial<Outcome> = {}): Outcome => ({
  atMs,
  totalMs: 100,
  tokens: 4,
  status: 200,
  fallback: false,
  ...changes,
});

/** One token of a stream. */
export const token = (content: string) =>
  `data: ${JSON.stringify({ choices: [{ delta: { content } }] })}\n\n`;
