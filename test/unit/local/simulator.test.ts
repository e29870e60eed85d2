import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { Batch } from "../../../local/simulator/batch";
import { FAULT_PATH } from "../../../local/simulator/faults";
import { parseOptions } from "../../../local/simulator/options";
import { paceFrom } from "../../../local/simulator/pace";
import { simulatorServer } from "../../../local/simulator/server";
import { serveArguments } from "../../../components/vllm/arguments";
import { LLAMA, testModel } from "../../support/models";

const open: (() => void)[] = [];
afterEach(() => {
  open.splice(0).forEach((close) => {
    close();
  });
});

const PACE = { timeToFirstTokenMs: 5, interTokenMs: 1 };

async function simulator(): Promise<(path: string, init?: RequestInit) => Promise<Response>> {
  const options = { model: "m", host: "127.0.0.1", port: 0, maxNumSeqs: 2, maxModelLen: 100 };
  const server = simulatorServer(options, PACE, "secret");
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  open.push(() => {
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

const chat = (changes: object = {}) => ({
  method: "POST",
  body: JSON.stringify({ model: "m", messages: [{ role: "user", content: "hi" }], ...changes }),
});
const fault = (kind: string) => ({ method: "PUT", body: JSON.stringify({ kind }) });

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

  test("answers whole and streamed, with as many tokens as asked for", async () => {
    const ask = await simulator();
    const whole = (await (await ask("/v1/chat/completions", chat({ max_tokens: 4 }))).json()) as {
      usage: unknown;
    };
    expect(whole.usage).toEqual({ prompt_tokens: 1, completion_tokens: 4, total_tokens: 5 });
    const streamed = await ask("/v1/chat/completions", chat({ max_tokens: 4, stream: true }));
    expect((await streamed.text()).match(/^data: /gm)).toHaveLength(4 + 2);
  });

  test.each([
    [401, { ...chat(), headers: { authorization: "Bearer other" } }, /Unauthorized/],
    [404, chat({ model: "other" }), /`other` does not exist/],
    [400, chat({ max_tokens: 200 }), /maximum context length is 100 tokens/],
    [400, chat({ messages: "hi" }), /messages/],
  ])("refuses with %i what vLLM refuses", async (status, request, message) => {
    const response = await (await simulator())("/v1/chat/completions", request);
    expect(response.status).toBe(status);
    expect(await response.text()).toMatch(message);
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

  test.each(["", "fast", "-1"])("is refused when it is '%s'", (text) => {
    expect(() => paceFrom({ SIMULATOR_INTER_TOKEN_MS: text })).toThrow(
      `SIMULATOR_INTER_TOKEN_MS = ${text}: is no number of milliseconds`,
    );
  });
});
