import { describe, expect, test } from "vitest";
import { Batch } from "../../../../local/simulator/batch";
import { FAULT_PATH } from "../../../../local/simulator/faults";
import { parseOptions } from "../../../../local/simulator/options";
import { paceFrom, startDelayFrom } from "../../../../local/simulator/pace";
import { configSchema } from "../../../../domain/settings/schema";
import { PLAYED_VERSION } from "../../../../local/simulator/server";
import { serveArguments } from "../../../../components/vllm/arguments";
import { LLAMA, testModel } from "../../../support/models";
import { chat, simulator } from "../../../support/simulator";

const fault = (kind: string) => ({ method: "PUT", body: JSON.stringify({ kind }) });

/** vLLM's `ErrorResponse`. */
function error(code: number, type: string, message: RegExp, param: string | null = null): unknown {
  return { error: { message: expect.stringMatching(message) as unknown, type, param, code } };
}

describe("the vLLM simulator", () => {
  test("is started with the arguments that the platform gives vLLM", () => {
    const model = testModel(LLAMA);
    const args = serveArguments(model, {
      checkpoint: "/c",
      quantised: "/q",
      root: "/r",
      compiled: "/k",
      manifest: "/m",
    });
    expect(parseOptions(args)).toMatchObject({
      model: LLAMA,
      port: 8000,
      maxNumSeqs: model.shape.maxSequences,
      maxModelLen: model.shape.maxModelLength,
    });
    expect(() => parseOptions([...args, "--speculative"])).toThrow(/unknown option/);
  });

  test.each([
    [401, { ...chat(), headers: { authorization: "Bearer other" } }, { error: "Unauthorized" }],
    [404, chat({ model: "other" }), error(404, "NotFoundError", /`other` does not exist/)],
    [400, chat({ messages: "hi" }), error(400, "Bad Request", /^messages: /, "messages")],
    [400, { method: "POST", body: "{}" }, error(400, "Bad Request", /Only 'application\/json'/)],
    [400, { ...chat(), body: "{" }, error(400, "Bad Request", /no JSON/)],
    [400, { ...chat(), body: "[]" }, error(400, "Bad Request", /no JSON object/)],
    [
      400,
      chat({ max_tokens: 100 }),
      error(
        400,
        "BadRequestError",
        /is too large: 100\. This model's maximum context length is 100/,
      ),
    ],
    [
      400,
      chat({ messages: [{ role: "user", content: "x".repeat(400) }] }),
      error(400, "BadRequestError", /maximum context length is 100 tokens\. .* 100 input tokens/),
    ],
  ])("refuses with %i what vLLM refuses, in its form: %j", async (status, request, body) => {
    const response = await (await simulator())("/v1/chat/completions", request);
    expect(response.status).toBe(status);
    expect(await response.json()).toEqual(body);
  });

  test("asks for its key below /v1 alone", async () => {
    const ask = await simulator();
    const headers = { authorization: "" };
    expect((await ask("/v1/models", { headers })).status).toBe(401);
    expect((await ask("/health", { headers })).status).toBe(200);
    expect((await ask("/v1/models", { headers: { authorization: "bearer secret" } })).status).toBe(
      200,
    );
  });

  test("tells its model, its context and its version", async () => {
    const ask = await simulator();
    expect(await (await ask("/v1/models")).json()).toMatchObject({
      object: "list",
      data: [{ id: "m", owned_by: "vllm", root: "/checkpoint", max_model_len: 100 }],
    });
    expect(await (await ask("/version")).json()).toEqual({ version: PLAYED_VERSION });
  });

  test("plays the release of the image that stacks default to", () => {
    const { image } = configSchema.shape.neuron.parse({});
    expect(image).toContain(`:${PLAYED_VERSION}-`);
  });

  test.each([
    ["POST", "/v1/embeddings", 404, { detail: "Not Found" }],
    ["GET", "/v1/chat/completions", 405, { detail: "Method Not Allowed" }],
    ["POST", "/tokenize", 501, error(501, "Not Implemented", /POST \/tokenize is not played/)],
    ["GET", "/v1/responses/resp_1", 404, error(404, "invalid_request_error", /'resp_1' not found/)],
    [
      "POST",
      "/v1/responses/resp_1/cancel",
      404,
      error(404, "invalid_request_error", /'resp_1' not found/),
    ],
  ])("%s %s: %i", async (method, path, status, body) => {
    const response = await (await simulator())(path, { method });
    expect(response.status).toBe(status);
    expect(await response.json()).toEqual(body);
  });

  test("plays the faults that it is told", async () => {
    const ask = await simulator();
    await ask(FAULT_PATH, fault("error"));
    expect((await ask("/v1/chat/completions", chat())).status).toBe(500);
    await ask(FAULT_PATH, fault("unready"));
    expect((await ask("/health")).status).toBe(503);
    await ask(FAULT_PATH, fault("drop"));
    await expect(ask("/v1/chat/completions", chat())).rejects.toThrow();
    await ask(FAULT_PATH, fault("hang"));
    const signal = AbortSignal.timeout(100);
    await expect(ask("/v1/chat/completions", { ...chat(), signal })).rejects.toThrow(
      /timeout|abort/i,
    );
    expect((await ask(FAULT_PATH, fault("explode"))).status).toBe(400);
  });

  test("counts what it did by vLLM's names", async () => {
    const ask = await simulator();
    await ask("/v1/chat/completions", chat({ max_tokens: 4 }));
    const metrics = await (await ask("/metrics")).text();
    expect(metrics).toContain('vllm:generation_tokens_total{model_name="m"} 4');
    expect(metrics).toContain('vllm:num_requests_running{model_name="m"} 0');
    expect(metrics).toContain('vllm:inter_token_latency_seconds_count{model_name="m"} 3');
  });
});

describe("the batch", () => {
  test("runs as many sequences as it has slots, the others wait, and a client that goes frees its place", async () => {
    const batch = new Batch(1, { timeToFirstTokenMs: 20, interTokenMs: 5 });
    const gone = new AbortController();
    const drain = async (signal: AbortSignal) => {
      let tokens = 0;
      for await (const _token of batch.generate(3, 1, signal)) {
        tokens += 1;
      }
      return tokens;
    };
    const never = new AbortController().signal;
    const first = drain(never);
    const waiting = drain(gone.signal);
    const last = drain(never);
    expect(batch.counts).toEqual({ running: 1, waiting: 2 });
    gone.abort();
    await expect(waiting).rejects.toThrow(/gone/);
    expect(await first).toBe(3);
    expect(await last).toBe(3);
    expect(batch.counts).toEqual({ running: 0, waiting: 0 });
  });
});

describe("the pace of a simulator", () => {
  test("is what the environment says, and short without it", () => {
    expect(paceFrom({})).toEqual({ timeToFirstTokenMs: 25, interTokenMs: 10 });
    const measured = { SIMULATOR_FIRST_TOKEN_MS: "310", SIMULATOR_INTER_TOKEN_MS: "42.5" };
    expect(paceFrom(measured)).toEqual({ timeToFirstTokenMs: 310, interTokenMs: 42.5 });
  });

  test("leaves it to listen at once, or later", () => {
    expect(startDelayFrom({})).toBe(0);
    expect(startDelayFrom({ SIMULATOR_START_MS: "15000" })).toBe(15_000);
    expect(() => startDelayFrom({ SIMULATOR_START_MS: "soon" })).toThrow(
      "SIMULATOR_START_MS = soon: is no number of milliseconds",
    );
  });

  test.each(["", "fast", "-1"])("is refused when it is '%s'", (text) => {
    expect(() => paceFrom({ SIMULATOR_INTER_TOKEN_MS: text })).toThrow(
      `SIMULATOR_INTER_TOKEN_MS = ${text}: is no number of milliseconds`,
    );
  });
});
