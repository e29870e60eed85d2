/** A gateway for the requests of a load: whatever a test answers. */
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";

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

/** One token of a stream. */
export const token = (content: string) =>
  `data: ${JSON.stringify({ choices: [{ delta: { content } }] })}\n\n`;
