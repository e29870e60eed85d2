import { randomUUID } from "node:crypto";
import { wholeChoice } from "./completions";
import type { Engine, Sequence } from "./engine";
import { responsesRequest, type ResponsesRequest } from "./fields";
import { beginEvents, sendEvent, sendJson, type Call } from "./http";
import { requireModel } from "./models";
import { responsesPrompt, responsesSequence } from "./prompts";
import { parseFields, Refusal } from "./refusal";

/** vLLM keeps no response unless its environment says so: none is ever found again. */
export function responseNotFound(id: string): Refusal {
  return new Refusal(404, `Response with id '${id}' not found.`, "invalid_request_error");
}

/** Answers `POST /v1/responses`. @throws Refusal */
export async function createResponse(engine: Engine, call: Call, body: object): Promise<void> {
  const request = parseFields(responsesRequest, body);
  requireModel(engine, request.model);
  if (request.previous_response_id !== undefined) {
    throw responseNotFound(request.previous_response_id);
  }
  const prompt = responsesPrompt(request);
  const sequence = responsesSequence(prompt, request, engine.options.maxModelLen);
  const room = engine.options.maxModelLen - prompt.tokens;
  const response = responseOf(request, engine.options.model, sequence, room);
  if (request.stream) {
    await streamed(engine, call, sequence, response);
    return;
  }
  const { text, progress } = await wholeChoice(engine, sequence, call.gone);
  sendJson(call, 200, response.completed(text, progress.tokens));
}

type Response = ReturnType<typeof responseOf>;

/**
 * vLLM's `ResponsesResponse`, before and after its text is there. vLLM 0.13 says `completed` of a text cut at its limit, too.
 *
 * @param room tokens that the prompt leaves of the context
 */
function responseOf(request: ResponsesRequest, model: string, sequence: Sequence, room: number) {
  const id = request.request_id ?? `resp_${hex()}`;
  const created = Math.floor(Date.now() / 1000);
  const base = (status: string, output: readonly object[], usage: object | null) => ({
    id,
    created_at: created,
    incomplete_details: null,
    instructions: request.instructions ?? null,
    metadata: request.metadata ?? null,
    model,
    object: "response",
    output,
    parallel_tool_calls: request.parallel_tool_calls,
    temperature: request.temperature ?? 1,
    tool_choice: request.tool_choice ?? "auto",
    tools: [],
    top_p: request.top_p ?? 1,
    background: false,
    max_output_tokens: Math.min(request.max_output_tokens ?? room, room),
    max_tool_calls: request.max_tool_calls ?? null,
    previous_response_id: null,
    prompt: null,
    reasoning: request.reasoning ?? null,
    service_tier: request.service_tier,
    status,
    text: request.text ?? null,
    top_logprobs: null,
    truncation: request.truncation,
    usage,
    user: request.user ?? null,
    input_messages: null,
    output_messages: null,
  });
  return {
    inProgress: () => base("in_progress", [], null),
    completed: (text: string, tokens: number) =>
      base("completed", [messageOf(`msg_${hex()}`, [textPart(text)], "completed")], {
        input_tokens: sequence.promptTokens,
        input_tokens_details: {
          cached_tokens: 0,
          input_tokens_per_turn: [],
          cached_tokens_per_turn: [],
        },
        output_tokens: tokens,
        output_tokens_details: {
          reasoning_tokens: 0,
          tool_output_tokens: 0,
          output_tokens_per_turn: [],
          tool_output_tokens_per_turn: [],
        },
        total_tokens: sequence.promptTokens + tokens,
      }),
  };
}

/**
 * The events of a streamed text, in vLLM's order. Of a part, vLLM 0.13 counts `content_index` up with every event, where
 * OpenAI's stays the same: so does the stand-in, for a client that minds must find out here.
 */
async function streamed(
  engine: Engine,
  call: Call,
  sequence: Sequence,
  response: Response,
): Promise<void> {
  const itemId = randomUUID();
  let sequenceNumber = 0;
  let contentIndex = 0;
  const send = (type: string, event: object) => {
    sendEvent(call, { type, sequence_number: sequenceNumber, ...event }, type);
    sequenceNumber += 1;
  };
  const sendPart = (type: string, event: object) => {
    send(type, { item_id: itemId, output_index: 0, content_index: contentIndex, ...event });
    contentIndex += 1;
  };
  const begin = () => {
    beginEvents(call);
    send("response.created", { response: response.inProgress() });
    send("response.in_progress", { response: response.inProgress() });
    const item = messageOf(itemId, [], "in_progress");
    send("response.output_item.added", { output_index: 0, item });
    sendPart("response.content_part.added", { part: { ...textPart(""), logprobs: [] } });
  };
  const parts: string[] = [];
  let tokens = 0;
  await engine.generate(sequence, call.gone, (progress) => {
    if (tokens === 0) {
      begin();
    }
    tokens = progress.tokens;
    parts.push(progress.text);
    sendPart("response.output_text.delta", { delta: progress.text, logprobs: [] });
  });
  const text = parts.join("");
  sendPart("response.output_text.done", { text, logprobs: [] });
  sendPart("response.content_part.done", { part: textPart(text) });
  const item = messageOf(itemId, [textPart(text)], "completed");
  send("response.output_item.done", { output_index: 0, item });
  send("response.completed", { response: response.completed(text, tokens) });
  call.response.end();
}

function messageOf(id: string, content: readonly object[], status: string) {
  return { id, type: "message", role: "assistant", status, content };
}

function textPart(text: string) {
  return { type: "output_text", text, annotations: [], logprobs: null };
}

function hex(): string {
  return randomUUID().replaceAll("-", "");
}
