import { chatForm, idOf, textForm, usageOf, type Choice, type Form } from "./choices";
import type { Engine, Progress, Sequence } from "./engine";
import { chatRequest, completionRequest, type ChatRequest, type CompletionRequest } from "./fields";
import { beginEvents, sendEvent, sendJson, type Call } from "./http";
import { chatPrompt, completionPrompts, sequenceOf, type Prompt } from "./prompts";
import { badRequest, parseFields } from "./refusal";
import { requireModel } from "./models";

/** Temperatures below count as greedy, as in vLLM. */
const GREEDY = 1e-5;

/** Answers `POST /v1/chat/completions`. @throws Refusal */
export async function chatCompletion(engine: Engine, call: Call, body: object): Promise<void> {
  const request = parseFields(chatRequest, body);
  requireModel(engine, request.model);
  const prompt = chatPrompt(request);
  const limit = request.max_completion_tokens ?? request.max_tokens;
  const form = chatForm(idOf(call, "chatcmpl", request.request_id), engine.options.model);
  await answer(engine, call, request, { prompts: [prompt], limit, form });
}

/** Answers `POST /v1/completions`. @throws Refusal */
export async function textCompletion(engine: Engine, call: Call, body: object): Promise<void> {
  const request = parseFields(completionRequest, body);
  requireModel(engine, request.model);
  const prompts = completionPrompts(request);
  if (request.echo && prompts.some(({ text }) => text === undefined)) {
    throw badRequest("echo: a prompt of tokens has no text in this stand-in for vLLM", "echo");
  }
  const id = idOf(call, "cmpl", request.request_id);
  const echoed = request.echo ? prompts : undefined;
  const form = textForm(id, engine.options.model, echoed, request.n);
  await answer(engine, call, request, { prompts, limit: request.max_tokens, form });
}

async function answer(
  engine: Engine,
  call: Call,
  request: ChatRequest | CompletionRequest,
  asked: {
    readonly prompts: readonly Prompt[];
    readonly limit: number | undefined;
    readonly form: Form;
  },
): Promise<void> {
  const { n, temperature } = request;
  if (n > 1 && temperature !== undefined && temperature < GREEDY) {
    throw badRequest(`n must be 1 when using greedy sampling, got ${n}.`, "n");
  }
  const { prompts, limit, form } = asked;
  const sequences = prompts.flatMap((prompt) => {
    const sequence = sequenceOf(prompt, request, limit, engine.options.maxModelLen);
    return Array.from({ length: n }, () => sequence);
  });
  const promptTokens = prompts.reduce((sum, { tokens }) => sum + tokens, 0);
  if (request.stream) {
    await streamed(engine, call, sequences, promptTokens, form, request.stream_options);
  } else {
    await whole(engine, call, sequences, promptTokens, form);
  }
}

async function whole(
  engine: Engine,
  call: Call,
  sequences: readonly Sequence[],
  promptTokens: number,
  form: Form,
): Promise<void> {
  const choices = await Promise.all(
    sequences.map((sequence) => wholeChoice(engine, sequence, call.gone)),
  );
  const tokens = choices.reduce((sum, { progress }) => sum + progress.tokens, 0);
  sendJson(call, 200, form.whole(choices, usageOf(promptTokens, tokens)));
}

/** One sequence to its end. */
export async function wholeChoice(
  engine: Engine,
  sequence: Sequence,
  gone: AbortSignal,
): Promise<Choice> {
  const parts: string[] = [];
  let progress: Progress = { text: "", tokens: 0, finishReason: null, stopReason: null };
  await engine.generate(sequence, gone, (now) => {
    parts.push(now.text);
    progress = now;
  });
  return { text: parts.join(""), progress };
}

async function streamed(
  engine: Engine,
  call: Call,
  sequences: readonly Sequence[],
  promptTokens: number,
  form: Form,
  usage: ChatRequest["stream_options"],
): Promise<void> {
  const tokens = sequences.map(() => 0);
  const continuous = usage?.include_usage === true && usage.continuous_usage_stats;
  const begin = () => {
    if (!call.response.headersSent) {
      beginEvents(call);
      form.opening(sequences.length).forEach((event) => {
        sendEvent(call, event);
      });
    }
  };
  await Promise.all(
    sequences.map((sequence, index) =>
      engine.generate(sequence, call.gone, (progress) => {
        begin();
        tokens[index] = progress.tokens;
        const soFar = continuous ? usageOf(sequence.promptTokens, progress.tokens) : undefined;
        sendEvent(call, form.chunk(index, progress, soFar));
      }),
    ),
  );
  if (usage?.include_usage === true) {
    const all = tokens.reduce((sum, one) => sum + one, 0);
    sendEvent(call, form.total(usageOf(promptTokens, all)));
  }
  sendEvent(call, "[DONE]");
  call.response.end();
}
