import { request as httpRequest } from "node:http";
import { request as httpsRequest } from "node:https";
import { createParser } from "eventsource-parser";
import { z } from "zod";
import type { Arrival } from "./profile";

/** What became of one request. Latencies count from the intended time of sending, waits of this client included. */
export interface Outcome {
  /** Milliseconds from the start of the load at which it was to be sent. */
  readonly atMs: number;
  /** Milliseconds to the end of the answer. */
  readonly totalMs: number;
  /** Milliseconds to the first token; absent without one, and without streaming. */
  readonly firstTokenMs?: number;
  /** Mean of the milliseconds between two tokens; absent for fewer than two. */
  readonly interTokenMs?: number;
  readonly tokens: number;
  /** HTTP status; 0 without an answer. */
  readonly status: number;
  /** Why it failed; absent for a success. */
  readonly error?: string;
  /** The entry of the routing that answered, `<model>-<ordinal>`. */
  readonly replica?: string;
  /** Whether another model answered in place of the one that was asked. */
  readonly fallback: boolean;
}

export interface RequestTarget {
  /** Base URL of the gateway without `/v1`. */
  readonly url: string;
  readonly key: string;
  readonly model: string;
  readonly stream: boolean;
  readonly timeoutMs: number;
}

const chunk = z.object({
  error: z.object({ message: z.string() }).optional(),
  choices: z
    .array(z.object({ delta: z.object({ content: z.string().nullish() }).optional() }))
    .optional(),
});
const answer = z.object({
  choices: z.array(z.unknown()).min(1),
  usage: z.object({ completion_tokens: z.number() }).optional(),
});

/**
 * Sends one chat completion on a connection of its own, as a client of its own would, and never rejects: a failure is an
 * outcome.
 *
 * @param startedAt what `clock` told at the start of the load
 * @param clock milliseconds from any fixed time
 * @default clock `performance.now`
 * @param number makes the prompt one of its own, so that no cache answers it
 */
export function send(
  target: RequestTarget,
  arrival: Arrival,
  {
    startedAt,
    number,
    signal,
    clock = () => performance.now(),
  }: { startedAt: number; number: string; signal: AbortSignal; clock?: () => number },
): Promise<Outcome> {
  const intended = startedAt + arrival.atMs;
  const times: number[] = [];
  let replica: string | undefined;
  let fallback = false;
  let status = 0;
  const outcome = (tokens: number, error?: string): Outcome => {
    const [first] = times;
    const last = times.at(-1);
    return {
      atMs: arrival.atMs,
      totalMs: clock() - intended,
      ...(first === undefined ? {} : { firstTokenMs: first - intended }),
      ...(first === undefined || last === undefined || times.length < 2
        ? {}
        : { interTokenMs: (last - first) / (times.length - 1) }),
      tokens,
      status,
      ...(error === undefined ? {} : { error }),
      ...(replica === undefined ? {} : { replica }),
      fallback,
    };
  };
  return new Promise((resolve) => {
    const fail = (error: Error) => {
      resolve(outcome(times.length, error.message));
    };
    const timeout = AbortSignal.timeout(target.timeoutMs);
    const url = new URL(`${target.url}/v1/chat/completions`);
    const request = url.protocol === "https:" ? httpsRequest : httpRequest;
    const body = JSON.stringify({
      model: target.model,
      stream: target.stream,
      max_tokens: arrival.outputTokens,
      messages: [{ role: "user", content: promptOf(arrival.promptTokens, number) }],
    });
    const headers = {
      authorization: `Bearer ${target.key}`,
      "content-type": "application/json",
      "content-length": Buffer.byteLength(body),
    };
    const combined = AbortSignal.any([signal, timeout]);
    const sent = request(
      url,
      { method: "POST", headers, agent: false, signal: combined },
      (response) => {
        status = response.statusCode ?? 0;
        replica = [response.headers["x-litellm-model-id"] ?? []].flat()[0];
        fallback = Number(response.headers["x-litellm-attempted-fallbacks"] ?? 0) > 0;
        let text = "";
        let problem: string | undefined;
        let done = false;
        const parser = createParser({
          onEvent: ({ data }) => {
            if (data === "[DONE]") {
              done = true;
              return;
            }
            const parsed = chunk.safeParse(jsonOf(data));
            if (!parsed.success || parsed.data.error !== undefined) {
              problem = parsed.data?.error?.message ?? `unknown chunk ${data.slice(0, 120)}`;
            } else if ((parsed.data.choices?.[0]?.delta?.content ?? "") !== "") {
              times.push(clock());
            }
          },
        });
        const streamed = status === 200 && target.stream;
        response.setEncoding("utf8").on("data", (part: string) => {
          if (streamed) {
            parser.feed(part);
          } else {
            text += part;
          }
        });
        response.on("error", fail).on("end", () => {
          if (status !== 200) {
            resolve(outcome(0, `HTTP ${status}: ${text.slice(0, 160)}`));
          } else if (streamed) {
            resolve(
              outcome(
                times.length,
                problem ?? (done ? undefined : "the stream ended without [DONE]"),
              ),
            );
          } else {
            const parsed = answer.safeParse(jsonOf(text));
            resolve(
              parsed.success
                ? outcome(parsed.data.usage?.completion_tokens ?? 0)
                : outcome(0, `unknown answer ${text.slice(0, 120)}`),
            );
          }
        });
      },
    );
    sent
      .on("error", (error) => {
        fail(timeout.aborted ? new Error(`no answer within ${target.timeoutMs / 1000} s`) : error);
      })
      .end(body);
  });
}

/** A prompt of about so many tokens: common English words are one token each. */
function promptOf(tokens: number, number: string): string {
  return `${number} ${"hello ".repeat(Math.max(0, tokens - 4))}`.trim();
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
