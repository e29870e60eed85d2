import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { z } from "zod";
import { Batch, type Pace } from "./batch";
import { FAULT_PATH, faultSchema, type Fault } from "./faults";
import { simulatorMetrics } from "./metrics";
import type { SimulatorOptions } from "./options";

/** Characters of a text that count as one token. */
const CHARACTERS_PER_TOKEN = 4;
const DEFAULT_TOKENS = 16;

const completionRequest = z.object({
  model: z.string(),
  stream: z.boolean().default(false),
  max_tokens: z.number().int().min(1).nullish(),
  max_completion_tokens: z.number().int().min(1).nullish(),
  messages: z.array(z.object({ content: z.unknown() })).optional(),
  prompt: z.union([z.string(), z.array(z.string())]).optional(),
});

type CompletionRequest = z.infer<typeof completionRequest>;

/** An answer other than 200, with the reason in the form of the OpenAI API. */
class Refusal extends Error {
  public constructor(
    public readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

/**
 * A stand-in for vLLM's OpenAI server: chat and text completions, whole or streamed, with vLLM's timing, metrics and
 * context check. The text is made up; tools, log probabilities and embeddings are refused by their absence.
 *
 * @param apiKey what clients must show; anyone may ask when undefined
 */
export function simulatorServer(options: SimulatorOptions, pace: Pace, apiKey?: string): Server {
  const batch = new Batch(options.maxNumSeqs, pace);
  const metrics = simulatorMetrics(options.model, options.maxNumSeqs, batch);
  let fault: Fault = { kind: "none" };

  async function complete(request: IncomingMessage, response: ServerResponse, chat: boolean) {
    if (apiKey !== undefined && request.headers.authorization !== `Bearer ${apiKey}`) {
      throw new Refusal(401, "Unauthorized");
    }
    const parsed = completionRequest.safeParse(JSON.parse(await bodyOf(request)));
    if (!parsed.success) {
      throw new Refusal(400, z.prettifyError(parsed.error));
    }
    const asked = parsed.data;
    if (asked.model !== options.model) {
      throw new Refusal(404, `The model \`${asked.model}\` does not exist.`);
    }
    if (fault.kind === "error") {
      throw new Refusal(500, "injected fault");
    }
    const gone = new AbortController();
    response.on("close", () => {
      gone.abort();
    });
    if (fault.kind === "hang") {
      return;
    }
    const promptTokens = Math.ceil(promptOf(asked).length / CHARACTERS_PER_TOKEN);
    const tokens = asked.max_completion_tokens ?? asked.max_tokens ?? DEFAULT_TOKENS;
    if (promptTokens + tokens > options.maxModelLen) {
      throw new Refusal(
        400,
        `This model's maximum context length is ${options.maxModelLen} tokens. However, you requested ${promptTokens + tokens} tokens (${promptTokens} in the messages, ${tokens} in the completion).`,
      );
    }
    const started = performance.now();
    const seconds = () => (performance.now() - started) / 1000;
    const answer = new Answer(asked, chat, promptTokens, tokens);
    const slowdown = fault.kind === "slow" ? fault.factor : 1;
    let text = "";
    let before = 0;
    for await (const index of batch.generate(tokens, slowdown, gone.signal)) {
      const token = index === 0 ? "simulated" : ` ${index}`;
      text += token;
      const now = seconds();
      if (index > 0) {
        metrics.interToken.observe(now - before);
      }
      before = now;
      if (index === 0) {
        metrics.firstToken.observe(now);
        if (asked.stream) {
          response.writeHead(200, { "content-type": "text/event-stream" });
        }
      }
      if (asked.stream) {
        response.write(answer.chunk(token, index === 0, undefined));
      }
      if (isDropping()) {
        request.socket.destroy();
        return;
      }
    }
    metrics.promptTokens.inc(promptTokens);
    metrics.generatedTokens.inc(tokens);
    metrics.finished.inc({ finished_reason: "length" });
    metrics.latency.observe(seconds());
    if (asked.stream) {
      response.end(`${answer.chunk("", false, "length")}data: [DONE]\n\n`);
    } else {
      json(response, 200, answer.whole(text));
    }
  }

  // A closure hides the assignment from the compiler's narrowing.
  function isDropping(): boolean {
    return fault.kind === "drop";
  }

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    switch (`${request.method} ${request.url}`) {
      case "GET /health":
        if (fault.kind === "unready") {
          throw new Refusal(503, "injected fault");
        }
        json(response, 200, {});
        return;
      case "GET /metrics":
        response.writeHead(200, { "content-type": metrics.registry.contentType });
        response.end(await metrics.registry.metrics());
        return;
      case "GET /v1/models":
        json(response, 200, { object: "list", data: [{ id: options.model, object: "model" }] });
        return;
      case `GET ${FAULT_PATH}`:
        json(response, 200, fault);
        return;
      case `PUT ${FAULT_PATH}`: {
        const wanted = faultSchema.safeParse(JSON.parse(await bodyOf(request)));
        if (!wanted.success) {
          throw new Refusal(400, z.prettifyError(wanted.error));
        }
        fault = wanted.data;
        json(response, 200, fault);
        return;
      }
      case "POST /v1/chat/completions":
        return complete(request, response, true);
      case "POST /v1/completions":
        return complete(request, response, false);
      default:
        throw new Refusal(404, `the vLLM simulator does not know ${request.method} ${request.url}`);
    }
  }

  return createServer((request, response) => {
    handle(request, response).catch((error: unknown) => {
      if (response.destroyed || response.headersSent) {
        response.destroy();
        return;
      }
      const refusal =
        error instanceof Refusal
          ? error
          : new Refusal(error instanceof SyntaxError ? 400 : 500, String(error));
      json(response, refusal.status, {
        error: { message: refusal.message, type: "BadRequestError", code: refusal.status },
      });
    });
  });
}

/** One answer in the forms of the OpenAI API. */
class Answer {
  private readonly id = `chatcmpl-${randomUUID()}`;
  private readonly created = Math.floor(Date.now() / 1000);

  public constructor(
    private readonly asked: CompletionRequest,
    private readonly chat: boolean,
    private readonly promptTokens: number,
    private readonly tokens: number,
  ) {}

  public whole(text: string): object {
    return {
      ...this.envelope(this.chat ? "chat.completion" : "text_completion"),
      choices: [
        {
          index: 0,
          finish_reason: "length",
          ...(this.chat ? { message: { role: "assistant", content: text } } : { text }),
        },
      ],
      usage: {
        prompt_tokens: this.promptTokens,
        completion_tokens: this.tokens,
        total_tokens: this.promptTokens + this.tokens,
      },
    };
  }

  public chunk(token: string, first: boolean, finish: string | undefined): string {
    const delta = { ...(first ? { role: "assistant" } : {}), content: token };
    const choice = {
      index: 0,
      finish_reason: finish ?? null,
      ...(this.chat ? { delta } : { text: token }),
    };
    const envelope = this.envelope(this.chat ? "chat.completion.chunk" : "text_completion");
    return `data: ${JSON.stringify({ ...envelope, choices: [choice] })}\n\n`;
  }

  private envelope(object: string) {
    return { id: this.id, object, created: this.created, model: this.asked.model };
  }
}

function promptOf({ messages, prompt }: CompletionRequest): string {
  return messages === undefined
    ? [prompt ?? ""].flat().join("")
    : messages
        .map(({ content }) => (typeof content === "string" ? content : JSON.stringify(content)))
        .join("");
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) {
    parts.push(part as Buffer);
  }
  return Buffer.concat(parts).toString("utf8");
}

function json(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(JSON.stringify(body));
}
