import { createServer, type Server } from "node:http";
import type { Pace } from "./batch";
import { chatCompletion, textCompletion } from "./completions";
import { ConnectionDropped, Engine } from "./engine";
import { FAULT_PATH, faultSchema } from "./faults";
import { chatRequest, completionRequest, responsesRequest, unknownFields } from "./fields";
import { callOf, objectOf, parse, sendJson, textOf, type Call } from "./http";
import { modelList } from "./models";
import type { SimulatorOptions } from "./options";
import { parseFields, Refusal } from "./refusal";
import { createResponse, responseNotFound } from "./responses";

/** The release of vLLM that is played: the one in the image that stacks default to. */
export const PLAYED_VERSION = "0.13.0";

/** What vLLM serves for a generating model, and the stand-in does not. */
const UNPLAYED: readonly string[] = [
  "POST /v1/messages",
  "POST /v1/audio/transcriptions",
  "POST /v1/audio/translations",
  "POST /tokenize",
  "POST /detokenize",
  "POST /invocations",
  "GET /load",
];

/**
 * A stand-in for vLLM's OpenAI server: chat completions, text completions and responses, whole or streamed, with vLLM's
 * timing, metrics, context check and errors. The text is made up. ./fields.ts says which fields are played; a request
 * that asks for more is refused.
 *
 * @param apiKey what clients must show; anyone may ask when undefined
 */
export function simulatorServer(options: SimulatorOptions, pace: Pace, apiKey?: string): Server {
  const engine = new Engine(options, pace);
  const started = Math.floor(Date.now() / 1000);

  const health = ({ response }: Call) => {
    response.writeHead(engine.fault.kind === "unready" ? 503 : 200).end();
  };
  const routes: Readonly<Record<string, (call: Call) => void | Promise<void>>> = {
    "GET /health": health,
    "GET /ping": health,
    "POST /ping": health,
    "GET /metrics": async ({ response }) => {
      const { registry } = engine.metrics;
      response.writeHead(200, { "content-type": registry.contentType });
      response.end(await registry.metrics());
    },
    "GET /version": (call) => {
      sendJson(call, 200, { version: PLAYED_VERSION });
    },
    "GET /v1/models": (call) => {
      sendJson(call, 200, modelList(engine, started));
    },
    "POST /v1/chat/completions": async (call) =>
      chatCompletion(engine, call, await bodyOf(call, chatRequest)),
    "POST /v1/completions": async (call) =>
      textCompletion(engine, call, await bodyOf(call, completionRequest)),
    "POST /v1/responses": async (call) =>
      createResponse(engine, call, await bodyOf(call, responsesRequest)),
    [`GET ${FAULT_PATH}`]: (call) => {
      sendJson(call, 200, engine.fault);
    },
    [`PUT ${FAULT_PATH}`]: async (call) => {
      engine.fault = parseFields(faultSchema, parse(await textOf(call.request)));
      sendJson(call, 200, engine.fault);
    },
  };

  async function handle(call: Call): Promise<void> {
    const { method = "", url = "", headers } = call.request;
    const { pathname: path } = new URL(url, "http://localhost");
    const isPath = (route: string) => route.endsWith(` ${path}`);
    if (
      apiKey !== undefined &&
      path.startsWith("/v1") &&
      !showsKey(headers.authorization, apiKey)
    ) {
      sendJson(call, 401, { error: "Unauthorized" });
      return;
    }
    const route = routes[`${method} ${path}`];
    if (route !== undefined) {
      await route(call);
    } else if (UNPLAYED.includes(`${method} ${path}`)) {
      throw new Refusal(501, `${method} ${path} is not played by this stand-in for vLLM`);
    } else {
      refuseStored(method, path);
      // FastAPI's own answers.
      const known = [...Object.keys(routes), ...UNPLAYED].some(isPath);
      const [status, detail] = known ? [405, "Method Not Allowed"] : [404, "Not Found"];
      sendJson(call, status, { detail });
    }
  }

  async function bodyOf(call: Call, schema: Parameters<typeof unknownFields>[0]): Promise<object> {
    const body = await objectOf(call);
    const unknown = unknownFields(schema, body);
    if (unknown.length > 0) {
      console.warn(`fields that were present in the request but ignored: ${unknown.join(", ")}`);
    }
    return body;
  }

  return createServer((request, response) => {
    const call = callOf(request, response);
    handle(call).catch((error: unknown) => {
      if (call.gone.aborted || response.headersSent || error instanceof ConnectionDropped) {
        // What the client has so far must not look like a whole answer.
        response.destroy();
        return;
      }
      const refusal = error instanceof Refusal ? error : new Refusal(500, String(error));
      sendJson(call, refusal.status, refusal.body);
    });
  });
}

function showsKey(authorization: string | undefined, key: string): boolean {
  const [scheme = "", token] = authorization?.split(" ") ?? [];
  return scheme.toLowerCase() === "bearer" && token === key;
}

/** @throws Refusal of a request for an earlier response, or for its end: none is kept */
function refuseStored(method: string, path: string): void {
  const asked = /^\/v1\/responses\/(?<id>[^/]+)(?<cancel>\/cancel)?$/.exec(path)?.groups;
  if (asked?.id !== undefined && method === (asked.cancel === undefined ? "GET" : "POST")) {
    throw responseNotFound(asked.id);
  }
}
