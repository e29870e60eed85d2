/**
 * Every request field of vLLM 0.13 (`vllm/entrypoints/openai/protocol.py`) and what the stand-in does with it: it plays it,
 * takes it because it would change nothing that is played (the text is made up), or refuses a value that asks for more.
 * A field that vLLM itself does not know, it ignores with a line in its log; so does the stand-in.
 */
import { isDeepStrictEqual } from "node:util";
import { z } from "zod";

/** A field that is played; `fallback` stands for one that is absent or null. */
function played<T>(schema: z.ZodType<T>, fallback: NoInfer<T>) {
  return schema.nullish().transform((value): T => value ?? fallback);
}

/** A field that is played when it is there. */
function optional<T extends z.ZodType>(schema: T) {
  return schema.nullish().transform((value) => value ?? undefined);
}

/** A field that changes nothing that is played. Its values are checked as vLLM checks them. */
function taken<T extends z.ZodType>(schema: T) {
  return schema.nullish();
}

/** A field that asks for what is not played, unless it is absent, null or one of `idle`. */
function refused(...idle: readonly unknown[]) {
  const or = idle.map((value) => ` or send ${JSON.stringify(value)}`).join("");
  return z
    .unknown()
    .optional()
    .refine(
      (value) =>
        value === undefined || value === null || idle.some((one) => isDeepStrictEqual(one, value)),
      `not played by this stand-in for vLLM: leave it out${or}`,
    );
}

const boolean = z.boolean();
const count = z.int().min(1);
const temperature = z.number().min(0);
const topP = z.number().gt(0).max(1);
const topK = z.int().min(-1);
const penalty = z.number().min(-2).max(2);
const salt = z.string().min(1);

const ONLY_TEXT = "must be a text or parts with a text: this stand-in for vLLM plays no others";

/** Content of a message. Images, sounds and files are for models that none of the catalogue is. */
const content = z.union(
  [
    z.string(),
    z.array(
      z.looseObject({ type: z.enum(["text", "input_text", "output_text"]), text: z.string() }),
    ),
  ],
  ONLY_TEXT,
);

/** A message of a chat; of what else it holds (a name, calls of tools) nothing counts. */
const message = z.looseObject({ role: z.string(), content: content.nullish() });
/** A message of the Responses API's input. */
const inputItem = z.looseObject({
  type: z.literal("message").optional(),
  role: z.string(),
  content,
});

/** Of all three. */
const COMMON = {
  model: optional(z.string()),
  stream: played(boolean, false),
  request_id: optional(z.string()),
  user: optional(z.string()),
  temperature: optional(temperature),
  top_p: optional(topP),
  top_k: taken(topK),
  // Without the prefix cache, which is off on Neuron, it has nothing to salt.
  cache_salt: taken(salt),
  mm_processor_kwargs: refused({}),
  logit_bias: refused({}),
  // vLLM schedules first come, first served unless it is told otherwise.
  priority: refused(0),
};

/** Of chat and text completions. */
const GENERATION = {
  ...COMMON,
  n: played(count, 1),
  stop: optional(z.union([z.string().min(1), z.array(z.string().min(1))])),
  include_stop_str_in_output: played(boolean, false),
  min_tokens: played(z.int().min(0), 0),
  ignore_eos: played(boolean, false),
  stream_options: optional(
    z.looseObject({
      include_usage: played(boolean, true),
      continuous_usage_stats: played(boolean, false),
    }),
  ),

  seed: taken(z.int()),
  frequency_penalty: taken(penalty),
  presence_penalty: taken(penalty),
  repetition_penalty: taken(z.number().gt(0)),
  min_p: taken(z.number().min(0).max(1)),
  length_penalty: taken(z.number()),
  skip_special_tokens: taken(boolean),
  spaces_between_special_tokens: taken(boolean),
  add_special_tokens: taken(boolean),

  response_format: refused({ type: "text" }),
  structured_outputs: refused(),
  use_beam_search: refused(false),
  stop_token_ids: refused([]),
  allowed_token_ids: refused(),
  prompt_logprobs: refused(),
  truncate_prompt_tokens: refused(),
  logits_processors: refused([]),
  return_tokens_as_token_ids: refused(false),
  return_token_ids: refused(false),
  kv_transfer_params: refused(),
  vllm_xargs: refused({}),
};

const CHAT = {
  ...GENERATION,
  messages: z.array(message).min(1),
  max_tokens: optional(count),
  max_completion_tokens: optional(count),

  // What the chat template makes of them; of the prompt only the length is played.
  chat_template_kwargs: taken(z.record(z.string(), z.unknown())),
  reasoning_effort: taken(z.enum(["low", "medium", "high"])),
  include_reasoning: taken(boolean),
  parallel_tool_calls: taken(boolean),

  tools: refused([]),
  tool_choice: refused("none"),
  logprobs: refused(false),
  top_logprobs: refused(0),
  bad_words: refused([]),
  echo: refused(false),
  add_generation_prompt: refused(true),
  continue_final_message: refused(false),
  documents: refused([]),
  // vLLM takes no template from a request unless it is told to.
  chat_template: refused(),
};

const tokenIds = z.array(z.int().min(0)).min(1);

const COMPLETION = {
  ...GENERATION,
  prompt: z.union([
    z.string().min(1),
    z.array(z.string()).min(1),
    tokenIds,
    z.array(tokenIds).min(1),
  ]),
  max_tokens: played(count, 16),
  echo: played(boolean, false),

  logprobs: refused(),
  prompt_embeds: refused([]),
  // vLLM: "suffix is not currently supported".
  suffix: refused(),
};

const text = z.looseObject({
  format: refused({ type: "text" }),
  verbosity: taken(z.enum(["low", "medium", "high"])),
});

const RESPONSES = {
  ...COMMON,
  input: z.union(
    [z.string(), z.array(inputItem).min(1)],
    "must be a text or messages of texts: this stand-in for vLLM plays no other items",
  ),
  instructions: optional(z.string()),
  max_output_tokens: optional(count),
  previous_response_id: optional(z.string()),

  // vLLM writes them into its answer.
  metadata: optional(z.record(z.string(), z.string())),
  parallel_tool_calls: played(boolean, true),
  max_tool_calls: optional(z.int()),
  reasoning: optional(z.looseObject({})),
  service_tier: played(z.enum(["auto", "default", "flex", "scale", "priority"]), "auto"),
  truncation: played(z.enum(["auto", "disabled"]), "disabled"),
  text: optional(text),

  // vLLM keeps no answer unless its environment says so, and takes no notice of the field.
  store: taken(boolean),

  background: refused(false),
  include: refused([]),
  prompt: refused(),
  tools: refused([]),
  tool_choice: refused("auto", "none"),
  top_logprobs: refused(0),
  enable_response_messages: refused(false),
  previous_input_messages: refused(),
};

/** `POST /v1/chat/completions` */
export const chatRequest = z.looseObject(CHAT).check(usageOnlyStreamed());
/** `POST /v1/completions` */
export const completionRequest = z.looseObject(COMPLETION).check(usageOnlyStreamed());
/** `POST /v1/responses` */
export const responsesRequest = z.looseObject(RESPONSES);

export type ChatRequest = z.infer<typeof chatRequest>;
export type CompletionRequest = z.infer<typeof completionRequest>;
export type ResponsesRequest = z.infer<typeof responsesRequest>;

function usageOnlyStreamed() {
  return z.refine<{ stream: boolean; stream_options?: unknown }>(
    ({ stream, stream_options: options }) => stream || options === undefined,
    { path: ["stream_options"], error: "Stream options can only be defined when `stream=True`." },
  );
}

/** Fields of a request that vLLM does not know either. */
export function unknownFields(
  schema: typeof chatRequest | typeof completionRequest | typeof responsesRequest,
  body: object,
): string[] {
  return Object.keys(body).filter((field) => !(field in schema.shape));
}
