import type { IncomingMessage, ServerResponse } from "node:http";
import { Refusal } from "./refusal";

/** One request on its way, with the means to answer it. */
export interface Call {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** Aborted when the client is gone. */
  readonly gone: AbortSignal;
}

/** A call whose signal follows its connection. */
export function callOf(request: IncomingMessage, response: ServerResponse): Call {
  const gone = new AbortController();
  response.on("close", () => {
    gone.abort();
  });
  return { request, response, gone: gone.signal };
}

/**
 * The JSON object that a client has sent.
 *
 * @throws Refusal as FastAPI's validation answers, for other media types, too
 */
export async function objectOf({ request }: Call): Promise<object> {
  const mediaType = request.headers["content-type"]?.split(";", 1)[0]?.trim().toLowerCase();
  if (mediaType !== "application/json") {
    throw new Refusal(400, "Unsupported Media Type: Only 'application/json' is allowed");
  }
  const body = parse(await textOf(request));
  if (typeof body !== "object" || body === null || Array.isArray(body)) {
    throw new Refusal(400, "the body is no JSON object");
  }
  return body;
}

/** @throws Refusal when the text is no JSON */
export function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Refusal(400, `the body is no JSON: ${String(error)}`);
  }
}

export async function textOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) {
    parts.push(part as Buffer);
  }
  return Buffer.concat(parts).toString("utf8");
}

export function sendJson({ response }: Call, status: number, body: unknown): void {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(JSON.stringify(body));
}

/** Begins a stream of server-sent events. */
export function beginEvents({ response }: Call): void {
  response.writeHead(200, { "content-type": "text/event-stream; charset=utf-8" });
}

/** @param type written as the event's name, where the API has one */
export function sendEvent({ response }: Call, data: unknown, type?: string): void {
  const name = type === undefined ? "" : `event: ${type}\n`;
  response.write(`${name}data: ${typeof data === "string" ? data : JSON.stringify(data)}\n\n`);
}
