import { describe, expect, test } from "vitest";
import { dataOf, post, simulator } from "../../../support/simulator";

const ask = async (changes: object = {}) =>
  (await simulator())("/v1/responses", post({ model: "m", input: "abcdefgh", ...changes }));

describe("a response", () => {
  test("has a message with the text, the request's settings and its usage", async () => {
    const response = await ask({
      max_output_tokens: 2,
      instructions: "abcd",
      metadata: { a: "b" },
      temperature: 0.5,
    });
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({
      id: expect.stringMatching(/^resp_[0-9a-f]{32}$/) as unknown,
      created_at: expect.any(Number) as unknown,
      incomplete_details: null,
      instructions: "abcd",
      metadata: { a: "b" },
      model: "m",
      object: "response",
      output: [
        {
          id: expect.stringMatching(/^msg_/) as unknown,
          type: "message",
          role: "assistant",
          status: "completed",
          content: [{ type: "output_text", text: "simulated 1", annotations: [], logprobs: null }],
        },
      ],
      parallel_tool_calls: true,
      temperature: 0.5,
      tool_choice: "auto",
      tools: [],
      top_p: 1,
      background: false,
      max_output_tokens: 2,
      max_tool_calls: null,
      previous_response_id: null,
      prompt: null,
      reasoning: null,
      service_tier: "auto",
      status: "completed",
      text: null,
      top_logprobs: null,
      truncation: "disabled",
      usage: {
        input_tokens: 3,
        input_tokens_details: {
          cached_tokens: 0,
          input_tokens_per_turn: [],
          cached_tokens_per_turn: [],
        },
        output_tokens: 2,
        output_tokens_details: {
          reasoning_tokens: 0,
          tool_output_tokens: 0,
          output_tokens_per_turn: [],
          tool_output_tokens_per_turn: [],
        },
        total_tokens: 5,
      },
      user: null,
      input_messages: null,
      output_messages: null,
    });
  });

  test("takes messages as its input", async () => {
    const input = [
      { role: "user", content: "abcd" },
      { type: "message", role: "user", content: [{ type: "input_text", text: "efgh" }] },
    ];
    expect(await (await ask({ input })).json()).toMatchObject({
      usage: { input_tokens: 2, output_tokens: 16 },
    });
  });

  test("takes a limit beyond the context for the rest of it, and refuses a prompt beyond it", async () => {
    expect(await (await ask({ max_output_tokens: 500 })).json()).toMatchObject({
      max_output_tokens: 98,
      usage: { output_tokens: 98 },
    });
    const refused = await ask({ input: "x".repeat(400) });
    expect(refused.status).toBe(400);
    expect(await refused.json()).toMatchObject({
      error: {
        type: "invalid_request_error",
        message: expect.stringMatching(/exceeds the max_model_len 100/) as unknown,
      },
    });
  });

  test("follows no earlier one, for none is kept", async () => {
    const response = await ask({ previous_response_id: "resp_1" });
    expect(response.status).toBe(404);
    expect(await response.text()).toContain("Response with id 'resp_1' not found.");
  });

  test("is streamed as numbered events that begin and end every part of it", async () => {
    const response = await ask({ stream: true, max_output_tokens: 2 });
    const body = await response.clone().text();
    const events = (await dataOf(response)) as { type: string; sequence_number: number }[];
    const types = [
      "response.created",
      "response.in_progress",
      "response.output_item.added",
      "response.content_part.added",
      "response.output_text.delta",
      "response.output_text.delta",
      "response.output_text.done",
      "response.content_part.done",
      "response.output_item.done",
      "response.completed",
    ];
    expect(events.map(({ type }) => type)).toEqual(types);
    expect([...body.matchAll(/^event: (.*)$/gm)].map(([, name]) => name)).toEqual(types);
    expect(events.map(({ sequence_number: number }) => number)).toEqual([...types.keys()]);
    expect(events[4]).toMatchObject({ delta: "simulated", output_index: 0, content_index: 1 });
    expect(events[6]).toMatchObject({ text: "simulated 1" });
    expect(events.at(-1)).toMatchObject({
      response: { status: "completed", usage: { output_tokens: 2 } },
    });
    const ids = new Set(events.slice(3, 8).map((event) => "item_id" in event && event.item_id));
    expect(ids.size).toBe(1);
  });
});
