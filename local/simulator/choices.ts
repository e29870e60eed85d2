import { randomUUID } from "node:crypto";
import type { Progress } from "./engine";
import type { Call } from "./http";
import type { Prompt } from "./prompts";

/** A choice of an answer that is sent whole. */
export interface Choice {
  readonly text: string;
  readonly progress: Progress;
}

/** How chat completions, or text completions, write what was generated. */
export interface Form {
  readonly whole: (choices: readonly Choice[], usage: Usage) => object;
  /** What comes before the first token of a stream. */
  readonly opening: (choices: number) => readonly object[];
  readonly chunk: (choice: number, progress: Progress, usage: Usage | undefined) => object;
  /** The last event of a stream whose client asked for its usage. */
  readonly total: (usage: Usage) => object;
}

/** vLLM's `UsageInfo`. */
export type Usage = ReturnType<typeof usageOf>;

export function usageOf(promptTokens: number, completionTokens: number) {
  return {
    prompt_tokens: promptTokens,
    total_tokens: promptTokens + completionTokens,
    completion_tokens: completionTokens,
    prompt_tokens_details: null,
  };
}

/** The id of an answer: what the client calls its request, else one of its own. */
export function idOf({ request }: Call, prefix: string, asked: string | undefined): string {
  const header = [request.headers["x-request-id"]].flat()[0];
  return `${prefix}-${header ?? asked ?? randomUUID().replaceAll("-", "")}`;
}

/** The form of `POST /v1/chat/completions`. */
export function chatForm(id: string, model: string): Form {
  const envelope = (object: string) => ({ id, object, created: now(), model });
  const chunk = (index: number, delta: object, rest: object, usage: Usage | undefined) => ({
    ...envelope("chat.completion.chunk"),
    choices: [{ index, delta: { ...delta, reasoning_content: null }, logprobs: null, ...rest }],
    ...(usage === undefined ? {} : { usage }),
  });
  return {
    whole: (choices, usage) => ({
      ...envelope("chat.completion"),
      choices: choices.map(({ text, progress }, index) => ({
        index,
        message: {
          role: "assistant",
          content: text,
          refusal: null,
          annotations: null,
          audio: null,
          function_call: null,
          tool_calls: [],
          reasoning: null,
          reasoning_content: null,
        },
        logprobs: null,
        ...endOf(progress),
        token_ids: null,
      })),
      service_tier: null,
      system_fingerprint: null,
      usage,
      prompt_logprobs: null,
      prompt_token_ids: null,
      kv_transfer_params: null,
    }),
    opening: (choices) =>
      Array.from({ length: choices }, (_, index) =>
        chunk(index, { role: "assistant", content: "" }, { finish_reason: null }, undefined),
      ),
    chunk: (index, progress, usage) =>
      chunk(
        index,
        { content: progress.text },
        progress.finishReason === null
          ? { finish_reason: null, token_ids: null }
          : { ...endOf(progress), token_ids: null },
        usage,
      ),
    total: (usage) => ({ ...envelope("chat.completion.chunk"), choices: [], usage }),
  };
}

/**
 * The form of `POST /v1/completions`: choices of the first prompt, then those of the next.
 *
 * @param echoed the prompts when they are written before what follows them
 * @param each choices of one prompt
 */
export function textForm(
  id: string,
  model: string,
  echoed: readonly Prompt[] | undefined,
  each: number,
): Form {
  const envelope = () => ({ id, object: "text_completion", created: now(), model });
  const promptOf = (choice: number) => echoed?.[Math.floor(choice / each)]?.text ?? "";
  const choiceOf = (index: number, text: string, progress: Progress) => ({
    index,
    text,
    logprobs: null,
    ...endOf(progress),
    token_ids: null,
    prompt_token_ids: null,
  });
  return {
    whole: (choices, usage) => ({
      ...envelope(),
      choices: choices.map(({ text, progress }, index) => ({
        ...choiceOf(index, promptOf(index) + text, progress),
        prompt_logprobs: null,
      })),
      service_tier: null,
      system_fingerprint: null,
      usage,
      kv_transfer_params: null,
    }),
    opening: () => [],
    chunk: (index, progress, usage) => {
      const text = progress.tokens === 1 ? promptOf(index) + progress.text : progress.text;
      return { ...envelope(), choices: [choiceOf(index, text, progress)], usage: usage ?? null };
    },
    total: (usage) => ({ ...envelope(), choices: [], usage }),
  };
}

function endOf({ finishReason, stopReason }: Progress) {
  return { finish_reason: finishReason, stop_reason: stopReason };
}

/** Seconds since 1970. */
function now(): number {
  return Math.floor(Date.now() / 1000);
}
