import type { Sequence } from "./engine";
import type { ChatRequest, CompletionRequest, ResponsesRequest } from "./fields";
import { badRequest, Refusal } from "./refusal";

/** Characters of a text that count as one token. */
const CHARACTERS_PER_TOKEN = 4;
/** Tokens after which the model ends by itself where a request sets no limit. */
const OWN_END = 16;

/** A prompt; one that came as tokens has no text. */
export interface Prompt {
  readonly text: string | undefined;
  readonly tokens: number;
}

/** The one prompt of a chat. */
export function chatPrompt({ messages }: ChatRequest): Prompt {
  return promptOf(messages.map(({ content }) => textOf(content ?? "")).join(""));
}

/** Every prompt of a text completion. */
export function completionPrompts({ prompt }: CompletionRequest): Prompt[] {
  const prompts: Prompt[] = [];
  const ids: number[] = [];
  for (const one of [prompt].flat()) {
    if (typeof one === "string") {
      prompts.push(promptOf(one));
    } else if (typeof one === "number") {
      ids.push(one);
    } else {
      prompts.push({ text: undefined, tokens: one.length });
    }
  }
  return ids.length > 0 ? [{ text: undefined, tokens: ids.length }] : prompts;
}

/** The one prompt of a request for a response: its instructions before its input. */
export function responsesPrompt({ instructions = "", input }: ResponsesRequest): Prompt {
  const items = typeof input === "string" ? [input] : input.map(({ content }) => textOf(content));
  return promptOf([instructions, ...items].join(""));
}

/**
 * The sequence of a prompt of a chat or text completion.
 *
 * @throws Refusal when prompt and answer are longer than the context
 */
export function sequenceOf(
  prompt: Prompt,
  request: ChatRequest | CompletionRequest,
  limit: number | undefined,
  context: number,
): Sequence {
  const room = context - prompt.tokens;
  if (room <= 0) {
    throw badRequest(
      `This model's maximum context length is ${context} tokens. However, your request has ${prompt.tokens} input tokens. Please reduce the length of the input messages.`,
    );
  }
  if (limit !== undefined && limit > room) {
    throw badRequest(
      `'max_tokens' or 'max_completion_tokens' is too large: ${limit}. This model's maximum context length is ${context} tokens and your request has ${prompt.tokens} input tokens (${limit} > ${context} - ${prompt.tokens}).`,
    );
  }
  const { min_tokens: minTokens, ignore_eos: ignoresEnd } = request;
  if (minTokens > (limit ?? room)) {
    throw badRequest(
      `min_tokens must be less than or equal to max_tokens=${limit ?? room}, got ${minTokens}.`,
      "min_tokens",
    );
  }
  return {
    promptTokens: prompt.tokens,
    ...endOf(limit, ignoresEnd ? Infinity : Math.max(OWN_END, minTokens), room),
    stop: [request.stop ?? []].flat(),
    include: request.include_stop_str_in_output,
    minTokens,
  };
}

/**
 * The sequence of a request for a response. vLLM shortens a limit that is beyond the context here, and does not refuse it.
 *
 * @throws Refusal when the prompt is longer than the context
 */
export function responsesSequence(
  prompt: Prompt,
  { max_output_tokens: limit }: ResponsesRequest,
  context: number,
): Sequence {
  const room = context - prompt.tokens;
  if (room <= 0) {
    throw new Refusal(
      400,
      `The engine prompt length ${prompt.tokens} exceeds the max_model_len ${context}. Please reduce prompt.`,
      "invalid_request_error",
    );
  }
  const end = endOf(limit === undefined ? undefined : Math.min(limit, room), OWN_END, room);
  return { promptTokens: prompt.tokens, ...end, stop: [], include: false, minTokens: 0 };
}

/** A limit is used up whole, so that a load of a known size can be asked for; without one the model ends by itself. */
function endOf(
  limit: number | undefined,
  ownEnd: number,
  room: number,
): Pick<Sequence, "tokens" | "end"> {
  if (limit !== undefined) {
    return { tokens: limit, end: "length" };
  }
  return ownEnd < room ? { tokens: ownEnd, end: "stop" } : { tokens: room, end: "length" };
}

function textOf(content: string | readonly { readonly text: string }[]): string {
  return typeof content === "string" ? content : content.map(({ text }) => text).join("");
}

function promptOf(text: string): Prompt {
  return { text, tokens: Math.ceil(text.length / CHARACTERS_PER_TOKEN) };
}
