import { expect, test } from "vitest";
import {
  chatRequest,
  completionRequest,
  responsesRequest,
  unknownFields,
} from "../../../../local/simulator/fields";
import { parseFields } from "../../../../local/simulator/refusal";
import { simulator, post } from "../../../support/simulator";

const REQUESTS = {
  chat: { schema: chatRequest, base: { messages: [{ role: "user", content: "hi" }] } },
  completion: { schema: completionRequest, base: { prompt: "hi" } },
  responses: { schema: responsesRequest, base: { input: "hi" } },
};
type Kind = keyof typeof REQUESTS;

const parsed = (kind: Kind, fields: object) =>
  parseFields<unknown>(REQUESTS[kind].schema, { ...REQUESTS[kind].base, ...fields });

const tool = { type: "function", function: { name: "f", parameters: {} } };

test.each<[Kind, string, unknown]>([
  ["chat", "tools", [tool]],
  ["chat", "tool_choice", "auto"],
  ["chat", "logprobs", true],
  ["chat", "top_logprobs", 2],
  ["chat", "response_format", { type: "json_object" }],
  ["chat", "structured_outputs", { regex: "a" }],
  ["chat", "logit_bias", { "1": 2 }],
  ["chat", "bad_words", ["x"]],
  ["chat", "echo", true],
  ["chat", "continue_final_message", true],
  ["chat", "chat_template", "{{ x }}"],
  ["chat", "use_beam_search", true],
  ["chat", "stop_token_ids", [1]],
  ["chat", "truncate_prompt_tokens", 5],
  ["chat", "priority", 1],
  ["completion", "logprobs", 0],
  ["completion", "prompt_logprobs", 1],
  ["completion", "suffix", "x"],
  ["completion", "response_format", { type: "json_schema", json_schema: { name: "x" } }],
  ["completion", "return_token_ids", true],
  ["responses", "tools", [tool]],
  ["responses", "tool_choice", "required"],
  ["responses", "background", true],
  ["responses", "include", ["message.output_text.logprobs"]],
  ["responses", "text.format", { type: "json_object" }],
  ["responses", "prompt", { id: "x" }],
])("%s: what %s asks for is refused by its name", (kind, field, value) => {
  const [name = "", inner] = field.split(".");
  expect(() => parsed(kind, { [name]: inner === undefined ? value : { [inner]: value } })).toThrow(
    expect.objectContaining({
      status: 400,
      type: "BadRequestError",
      param: field,
      message: expect.stringMatching(
        `^${field}: not played by this stand-in for vLLM: leave it out`,
      ) as unknown,
    }),
  );
});

test.each<[Kind, object]>([
  ["chat", { tools: [], tool_choice: "none", logprobs: false, top_logprobs: 0, echo: false }],
  ["chat", { tools: null, response_format: { type: "text" }, structured_outputs: null }],
  ["chat", { seed: 1, temperature: 0, top_p: 0.5, top_k: -1, min_p: 0, user: "u" }],
  ["chat", { frequency_penalty: 2, presence_penalty: -2, repetition_penalty: 1.1 }],
  ["chat", { chat_template_kwargs: { enable_thinking: false }, reasoning_effort: "low" }],
  ["chat", { parallel_tool_calls: false, cache_salt: "s", skip_special_tokens: false }],
  ["completion", { logprobs: null, suffix: null, response_format: { type: "text" } }],
  ["responses", { store: true, tool_choice: "auto", reasoning: { effort: "low" }, include: [] }],
  ["responses", { text: { format: { type: "text" } }, truncation: "auto" }],
])("%s: what changes nothing that is played is taken: %j", (kind, fields) => {
  expect(() => parsed(kind, fields)).not.toThrow();
});

test.each<[Kind, object, RegExp]>([
  ["chat", { temperature: -1 }, /^temperature: /],
  ["chat", { top_p: 0 }, /^top_p: /],
  ["chat", { presence_penalty: 3 }, /^presence_penalty: /],
  ["chat", { n: 0 }, /^n: /],
  ["chat", { max_tokens: 0 }, /^max_tokens: /],
  ["chat", { stop: ["a", ""] }, /^stop.1: /],
  ["chat", { seed: 1.5 }, /^seed: /],
  ["chat", { stream_options: { include_usage: true } }, /^stream_options: .*`stream=True`/],
  ["chat", { messages: [] }, /^messages: /],
  ["completion", { prompt: "" }, /^prompt: /],
  ["responses", { input: [{ type: "item_reference", id: "x" }] }, /^input: .*no other items/],
  ["responses", { max_output_tokens: 0 }, /^max_output_tokens: /],
])("%s: a value that vLLM refuses is refused: %j", (kind, fields, message) => {
  expect(() => parsed(kind, fields)).toThrow(message);
});

test("a field that vLLM does not know is ignored, but not without a word", () => {
  const body = { messages: [], best_of: 2, guided_json: {}, n: 1 };
  expect(unknownFields(chatRequest, body)).toEqual(["best_of", "guided_json"]);
  expect(() => parsed("chat", { best_of: 2 })).not.toThrow();
});

test("several choices need a temperature above zero", async () => {
  const ask = await simulator();
  const response = await ask("/v1/completions", post({ prompt: "a", n: 2, temperature: 0 }));
  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({
    error: { message: "n must be 1 when using greedy sampling, got 2.", param: "n" },
  });
});
