import type { RequestListener, ServerResponse } from "node:http";
import { describe, expect, test, vi } from "vitest";
import { send } from "../../../operations/load/request";
import { EVENTUALLY } from "../../support/eventually";
import { served, SIZE, target, token } from "../../support/loadTarget";

const context = () => ({
  startedAt: performance.now(),
  number: "1",
  signal: new AbortController().signal,
});
const ARRIVAL = { atMs: 0, ...SIZE };

describe("a request", () => {
  test("that is streamed is measured to its first token and between tokens", async () => {
    let answered = (_response: ServerResponse): void => undefined;
    const response = new Promise<ServerResponse>((resolve) => {
      answered = resolve;
    });
    const url = await served((_request, stream) => {
      stream.setHeader("x-litellm-model-id", "m-0");
      stream.flushHeaders();
      answered(stream);
    });
    // The test moves this clock, and only once the client has read it for the token before.
    let now = 1000;
    const clock = vi.fn(() => now);
    const reads = (count: number) =>
      vi.waitFor(() => {
        expect(clock).toHaveBeenCalledTimes(count);
      }, EVENTUALLY);
    const sent = send(target(url), ARRIVAL, { ...context(), startedAt: now, clock });
    const stream = await response;
    now += 60;
    stream.write(token("a"));
    await reads(1);
    now += 30;
    stream.write(token("b"));
    await reads(2);
    now += 50;
    stream.write(token("c"));
    await reads(3);
    now += 7;
    stream.end(`${token("")}data: [DONE]\n\n`);
    const outcome = await sent;
    expect(outcome).toMatchObject({ status: 200, tokens: 3, replica: "m-0", fallback: false });
    expect(outcome.error).toBeUndefined();
    expect(outcome).toMatchObject({ firstTokenMs: 60, interTokenMs: 40, totalMs: 147 });
  });

  test("with one token has a first one, and no time between two", async () => {
    const url = await served((_request, response) => response.end(`${token("a")}data: [DONE]\n\n`));
    const outcome = await send(target(url), ARRIVAL, context());
    expect(outcome.firstTokenMs).toBeGreaterThanOrEqual(0);
    expect(outcome).not.toHaveProperty("interTokenMs");
  });

  test.each([
    [
      { choices: [{}], usage: { completion_tokens: 7 } },
      { tokens: 7, fallback: true },
    ],
    [{ choices: [{}] }, { tokens: 0 }],
    [{ choices: [] }, { error: 'unknown answer {"choices":[]}' }],
  ])("that is not streamed is one answer: %j", async (answered, expected) => {
    const asked: string[] = [];
    const url = await served((request, response) => {
      request.setEncoding("utf8").on("data", (part: string) => asked.push(part));
      response.setHeader("x-litellm-attempted-fallbacks", 1);
      request.on("end", () => response.end(JSON.stringify(answered)));
    });
    const outcome = await send({ ...target(url), stream: false }, ARRIVAL, context());
    expect(outcome).toMatchObject(expected);
    expect(outcome).not.toHaveProperty("firstTokenMs");
    expect(JSON.parse(asked.join(""))).toEqual({
      model: "m",
      stream: false,
      max_tokens: 4,
      // Eight tokens: its number, the template around it, and what fills up.
      messages: [{ role: "user", content: "1 hello hello hello hello" }],
    });
  });

  test("counts from the time at which it was to be sent, not from when it could be", async () => {
    const url = await served((_request, response) => response.end(`${token("a")}data: [DONE]\n\n`));
    const late = { ...context(), startedAt: 1000, clock: () => 1600 };
    const { totalMs } = await send(target(url), { ...ARRIVAL, atMs: 100 }, late);
    expect(totalMs).toBe(500);
  });

  test.each<[string, RequestListener, string]>([
    ["an error status", (_request, response) => response.writeHead(503).end("no"), "HTTP 503: no"],
    [
      "a stream that breaks off",
      (_request, response) => {
        response.write(token("a"), () => response.destroy());
      },
      "aborted",
    ],
    [
      "a stream without its end",
      (_request, response) => response.end(token("a")),
      "the stream ended without [DONE]",
    ],
    [
      "an error within the stream",
      (_request, response) =>
        response.end('data: {"error": {"message": "model died"}}\n\ndata: [DONE]\n\n'),
      "model died",
    ],
    [
      "a chunk that is no JSON",
      (_request, response) => response.end("data: {\n\ndata: [DONE]\n\n"),
      "unknown chunk {",
    ],
  ])("with %s has failed, and says so", async (_name, listener, error) => {
    const outcome = await send(target(await served(listener)), ARRIVAL, context());
    expect(outcome.error).toBe(error);
  });

  test("without an answer in its time has failed, and says so", async () => {
    const url = await served(() => undefined);
    const outcome = await send(target(url, 100), ARRIVAL, context());
    expect(outcome.error).toBe("no answer within 0.1 s");
  });
});
