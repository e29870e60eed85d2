import { request, type IncomingHttpHeaders } from "node:http";
import { z } from "zod";
import { GatewayClient } from "../../operations/stack/gatewayClient";

/** One answer of the gateway to a test. */
export interface Answer {
  readonly status: number;
  readonly text: string;
  readonly headers: IncomingHttpHeaders;
  /** The entry of the routing that answered, `<model>-<ordinal>`. */
  readonly replica: string | null;
  readonly cacheKey: string | null;
}

export interface Asked {
  /** One of its own unless given. */
  readonly prompt?: string;
  /** In place of one message with the prompt. */
  readonly messages?: readonly { readonly role: string; readonly content: string }[];
  readonly stream?: boolean;
  readonly max_tokens?: number;
  /** Anything else that a client may write into its request. */
  readonly [parameter: string]: unknown;
}

let prompts = 0;

/** Asks for a chat completion at a base URL without `/v1`, with a prompt that no earlier one was like. */
export async function ask(
  url: string,
  key: string,
  model: string,
  { prompt = `prompt ${(prompts += 1)} of ${process.pid}`, ...body }: Asked = {},
): Promise<Answer> {
  return answerOf(
    await post(
      `${url}/v1/chat/completions`,
      key,
      JSON.stringify({
        model: `vllm/${model}`,
        messages: [{ role: "user", content: prompt }],
        ...body,
      }),
    ),
  );
}

/** Many at once: so many in all, so many at a time. */
export async function many<T>(count: number, atATime: number, one: () => Promise<T>): Promise<T[]> {
  const results: T[] = [];
  let left = count;
  const worker = async () => {
    while (left > 0) {
      left -= 1;
      results.push(await one());
    }
  };
  await Promise.all(Array.from({ length: atATime }, worker));
  return results;
}

/** How many of the answers came from each replica. */
export function shares(answers: readonly Answer[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { replica } of answers) {
    counts[replica ?? "none"] = (counts[replica ?? "none"] ?? 0) + 1;
  }
  return counts;
}

export const failed = (answers: readonly Answer[]) =>
  answers.filter(({ status }) => status !== 200);

/** The id of a completion: the same twice only from a cache. */
export function idOf({ text }: Pick<Answer, "text">): unknown {
  const parsed: unknown = JSON.parse(text);
  return typeof parsed === "object" && parsed !== null && "id" in parsed ? parsed.id : undefined;
}

type Response = Pick<Answer, "status" | "headers" | "text">;

function answerOf(response: Response): Answer {
  const textOf = (header: string | string[] | undefined) => [header ?? null].flat()[0] ?? null;
  return {
    ...response,
    replica: textOf(response.headers["x-litellm-model-id"]),
    cacheKey: textOf(response.headers["x-litellm-cache-key"]),
  };
}

/** A request on a connection of its own, so that a load balancer may choose each time. */
export function post(url: string, key: string, body: string): Promise<Response> {
  return new Promise((resolve, reject) => {
    const headers = { authorization: `Bearer ${key}`, "content-type": "application/json" };
    request(url, { method: "POST", headers, agent: false }, (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (part: string) => (text += part));
      response.on("end", () => {
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text });
      });
      response.on("error", reject);
    })
      .on("error", reject)
      .end(body);
  });
}

/** How often the gateway asked again before it had this answer. */
export function retriesOf({ headers }: Pick<Answer, "headers">): number {
  return Number(headers["x-litellm-attempted-retries"] ?? 0);
}

// Before its first check a gateway has no list.
const health = z.object({
  healthy_endpoints: z.array(z.object({ model_id: z.string() })).default([]),
});

/** The entries of the routing that the last health check of a gateway at a base URL found healthy, in order. */
export async function healthyEntries(url: string, key: string): Promise<string[]> {
  const { status, text } = await new GatewayClient(url, key).get("/health");
  return status === 200
    ? health
        .parse(JSON.parse(text))
        .healthy_endpoints.map(({ model_id: id }) => id)
        .sort()
    : [];
}

/** What the gateway answers an administrator who changes something. @throws Error with an answer that is no success */
export async function administer(
  url: string,
  key: string,
  path: string,
  body: object,
): Promise<unknown> {
  const { status, text } = await new GatewayClient(url, key).post(path, body);
  if (status !== 200) {
    throw new Error(`${path} answers ${status}: ${text}`);
  }
  return JSON.parse(text) as unknown;
}
