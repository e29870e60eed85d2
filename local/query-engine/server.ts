import { createServer, type IncomingMessage, type Server } from "node:http";
import { text } from "node:stream/consumers";
import { messageOf } from "../../domain/failure";
import type { Engine } from "./engine";
import { clientRequest, UnknownRequest } from "./request";

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

/** The HTTP side of Prisma's query engine, as far as Prisma's Python client 0.15 uses it. Anything else is refused. */
export function engineServer(engine: Engine): Server {
  return createServer((request, response) => {
    answer(engine, request)
      .catch((error: unknown) => ({ status: statusOf(error), body: { error: messageOf(error) } }))
      .then(({ status, body }) => {
        response
          .writeHead(status, { "content-type": "application/json" })
          .end(JSON.stringify(body));
      })
      .catch((error: unknown) => {
        response.destroy(error instanceof Error ? error : new Error(messageOf(error)));
      });
  });
}

function statusOf(error: unknown): number {
  return error instanceof UnknownRequest ? 422 : 500;
}

async function answer(engine: Engine, request: IncomingMessage): Promise<Answer> {
  const route = `${request.method} ${request.url}`;
  const body = await text(request);
  if (route === "GET /status") {
    return ok({ status: "ok" });
  }
  if (route === "POST /") {
    return ok(await engine.query(clientRequest(body), transactionOf(request)));
  }
  if (route === "POST /transaction/start") {
    return ok(await engine.begin(body));
  }
  const [, id, end] = /^POST \/transaction\/([^/]+)\/(commit|rollback)$/.exec(route) ?? [];
  if (id !== undefined) {
    return ok(await (end === "commit" ? engine.commit(id) : engine.rollback(id)));
  }
  throw new UnknownRequest(`${route} is not known to the stand-in of Prisma's query engine`);
}

function ok(body: unknown): Answer {
  return { status: 200, body };
}

function transactionOf({ headers }: IncomingMessage): string | undefined {
  const id = headers["x-transaction-id"];
  return typeof id === "string" ? id : undefined;
}
