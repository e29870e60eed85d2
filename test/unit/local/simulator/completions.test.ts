import { describe, expect, test } from "vitest";
import { chat, dataOf, post, simulator } from "../../../support/simulator";

const CHAT = "/v1/chat/completions";
const TEXT = "/v1/completions";
const completion = (changes: object = {}) => post({ model: "m", prompt: "abcdefgh", ...changes });
const usage = (prompt: number, completed: number) => ({
  prompt_tokens: prompt,
  completion_tokens: completed,
  total_tokens: prompt + completed,
  prompt_tokens_details: null,
});

describe("a chat completion", () => {
  test("has as many tokens as asked for", async () => {
    const response = await (await simulator())(CHAT, chat({ max_completion_tokens: 3 }));
    expect(await response.json()).toMatchObject({
      id: expect.stringMatching(/^chatcmpl-[0-9a-f]{32}$/) as unknown,
      object: "chat.completion",
      model: "m",
      choices: [
        {
          index: 0,
          message: { role: "assistant", content: "simulated 1 2", tool_calls: [] },
          logprobs: null,
          finish_reason: "length",
          stop_reason: null,
        },
      ],
      usage: usage(1, 3),
    });
  });

  test("ends by itself without a limit, or at the end of the context when it may not", async () => {
    const ask = await simulator();
    expect(await (await ask(CHAT, chat())).json()).toMatchObject({
      choices: [{ finish_reason: "stop" }],
      usage: usage(1, 16),
    });
    expect(await (await ask(CHAT, chat({ ignore_eos: true }))).json()).toMatchObject({
      choices: [{ finish_reason: "length" }],
      usage: usage(1, 99),
    });
    expect(await (await ask(CHAT, chat({ min_tokens: 20 }))).json()).toMatchObject({
      usage: usage(1, 20),
    });
  });

  test("counts text parts of messages, and no other", async () => {
    const ask = await simulator();
    const messages = (part: object) => [{ role: "user", content: [part] }];
    const text = messages({ type: "text", text: "abcdefgh" });
    expect(await (await ask(CHAT, chat({ messages: text }))).json()).toMatchObject({
      usage: { prompt_tokens: 2 },
    });
    const image = messages({ type: "image_url", image_url: { url: "http://x" } });
    const response = await ask(CHAT, chat({ messages: image }));
    expect(response.status).toBe(400);
    expect(await response.text()).toContain("messages.0.content: must be a text");
  });

  test("has as many choices as asked for, each in a slot of its own", async () => {
    const ask = await simulator();
    const whole = (await (await ask(CHAT, chat({ n: 3, max_tokens: 2 }))).json()) as {
      choices: { index: number }[];
    };
    expect(whole.choices.map(({ index }) => index)).toEqual([0, 1, 2]);
    expect(whole).toMatchObject({ usage: usage(1, 6) });
    const metrics = await (await ask("/metrics")).text();
    expect(metrics).toContain(
      'vllm:request_success_total{finished_reason="length",model_name="m"} 3',
    );
  });

  test("is called what the client calls it", async () => {
    const ask = await simulator();
    const named = chat({ max_tokens: 1, request_id: "mine" });
    expect(await (await ask(CHAT, named)).json()).toMatchObject({ id: "chatcmpl-mine" });
    const headers = { ...named.headers, "x-request-id": "theirs" };
    expect(await (await ask(CHAT, { ...named, headers })).json()).toMatchObject({
      id: "chatcmpl-theirs",
    });
  });

  test("streams its role, then a chunk for every token, the last with its end", async () => {
    const response = await (await simulator())(CHAT, chat({ max_tokens: 2, stream: true }));
    expect(response.headers.get("content-type")).toMatch(/^text\/event-stream/);
    const events = await dataOf(response);
    const chunk = (delta: object, finish: string | null) => ({
      object: "chat.completion.chunk",
      choices: [{ index: 0, delta, finish_reason: finish }],
    });
    expect(events).toMatchObject([
      chunk({ role: "assistant", content: "" }, null),
      chunk({ content: "simulated" }, null),
      chunk({ content: " 1" }, "length"),
      "[DONE]",
    ]);
    expect(events.some((event) => JSON.stringify(event).includes("usage"))).toBe(false);
  });

  test("streams its usage at the end, or all along, when it is asked for", async () => {
    const ask = await simulator();
    const stream = async (options: object) =>
      dataOf(await ask(CHAT, chat({ max_tokens: 2, n: 2, stream: true, stream_options: options })));
    const withUsage = (events: unknown[]) =>
      events.filter((event) => JSON.stringify(event).includes("usage"));
    const once = await stream({ include_usage: true });
    expect(once.at(-2)).toMatchObject({ choices: [], usage: usage(1, 4) });
    expect(withUsage(once)).toHaveLength(1);
    const continuous = await stream({ include_usage: true, continuous_usage_stats: true });
    expect(withUsage(continuous)).toHaveLength(5);
    expect(await stream({ include_usage: false })).toHaveLength(2 + 4 + 1);
  });

  test("ends at a stop string, of which nothing gets out", async () => {
    const ask = await simulator();
    const asked = { max_tokens: 9, stop: ["d 1 2"] };
    expect(await (await ask(CHAT, chat(asked))).json()).toMatchObject({
      choices: [{ message: { content: "simulate" }, finish_reason: "stop", stop_reason: "d 1 2" }],
      usage: usage(1, 3),
    });
    const events = (await dataOf(await ask(CHAT, chat({ ...asked, stream: true })))).slice(1, -1);
    const contents = events.map((event) => /"content":"([^"]*)"/.exec(JSON.stringify(event))?.[1]);
    expect(contents).toEqual(["simul", "at", "e"]);
    const kept = chat({ ...asked, include_stop_str_in_output: true });
    expect(await (await ask(CHAT, kept)).json()).toMatchObject({
      choices: [{ message: { content: "simulated 1 2" } }],
    });
    const later = chat({ max_tokens: 4, stop: " 1", min_tokens: 2 });
    expect(await (await ask(CHAT, later)).json()).toMatchObject({
      choices: [{ message: { content: "simulated 1 2 3" }, finish_reason: "length" }],
    });
  });
});

describe("a text completion", () => {
  test("has 16 tokens unless told otherwise, for every prompt, and the prompt when it is to echo it", async () => {
    const ask = await simulator();
    expect(await (await ask(TEXT, completion())).json()).toMatchObject({
      id: expect.stringMatching(/^cmpl-/) as unknown,
      object: "text_completion",
      choices: [{ finish_reason: "length" }],
      usage: usage(2, 16),
    });
    const two = completion({ prompt: ["abcd", "efgh"], n: 2, max_tokens: 1, echo: true });
    expect(await (await ask(TEXT, two)).json()).toMatchObject({
      choices: ["abcd", "abcd", "efgh", "efgh"].map((prompt, index) => ({
        index,
        text: `${prompt}simulated`,
      })),
      usage: usage(2, 4),
    });
  });

  test.each([
    ["one prompt of tokens", [1, 2, 3], 3],
    ["two prompts of tokens", [[1, 2], [3]], 3],
  ])("counts %s", async (_, prompt, tokens) => {
    const response = await (await simulator())(TEXT, completion({ prompt, max_tokens: 1 }));
    expect(await response.json()).toMatchObject({ usage: { prompt_tokens: tokens } });
  });

  test("is streamed with the echo before its first token", async () => {
    const asked = completion({ max_tokens: 2, echo: true, stream: true });
    expect(await dataOf(await (await simulator())(TEXT, asked))).toMatchObject([
      { choices: [{ text: "abcdefghsimulated", finish_reason: null }], usage: null },
      { choices: [{ text: " 1", finish_reason: "length" }], usage: null },
      "[DONE]",
    ]);
  });
});
