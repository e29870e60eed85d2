/** The admission's own connection to Redis, without a proxy: what it does where nobody answers. */
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import execa from "execa";
import { expect, onTestFinished, test } from "vitest";
import { callbackFiles } from "../../components/litellm/callbacks";
import { completeGateway } from "../../domain/models/completeGateway";
import { requestScaling } from "../../domain/settings/requestScaling";
import { ensurePython } from "../../local/tools/python";
import { parsed } from "../support/config";
import { LLAMA } from "../support/models";

/** Two requests of a pod ask for a place, the second one when the first has its answer. */
const ASKS = `
import asyncio
import admission

async def main():
    ids = ["${LLAMA}-0"]
    for _ in range(2):
        place = await admission.handler._place(admission._Request("team"), "vllm/${LLAMA}", ids)
        print("place", place)

asyncio.run(main())
`;

/** A server that takes connections and says nothing. */
async function silence() {
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    sockets.push(socket);
    socket.on("error", () => undefined);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    for (const socket of sockets) {
      socket.destroy();
    }
    server.close();
  });
  const address = server.address();
  if (address === null || typeof address === "string") {
    throw new Error("the server has no port");
  }
  return { port: address.port, sockets };
}

test("a Redis that takes connections and says nothing is asked once, and requests go on", async () => {
  const { port, sockets } = await silence();
  const folder = await mkdtemp(join(tmpdir(), "silent-redis-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const config = parsed({ models: { [LLAMA]: {} } });
  const gateway = completeGateway(config);
  const files = callbackFiles({
    ...gateway,
    models: Object.entries(config.models).map(([name, settings]) => ({ name, ...settings })),
    modelNamespace: "vllm",
    requestScaling: requestScaling(config),
    redis: { kind: "single", tls: false },
  });
  for (const [name, text] of Object.entries(files)) {
    await writeFile(join(folder, name), text);
  }
  await writeFile(join(folder, "asks.py"), ASKS);
  const python = await ensurePython(() => undefined);
  const { stdout } = await execa(join(python, "bin", "python"), ["asks.py"], {
    cwd: folder,
    env: {
      REDIS_HOST: "127.0.0.1",
      REDIS_PORT: String(port),
      LITELLM_LOCAL_MODEL_COST_MAP: "True",
    },
  });
  expect(stdout.trim().split("\n")).toEqual(["place None", "place None"]);
  // Beside the one that waits for news of free places.
  expect(sockets.length).toBeLessThanOrEqual(3);
});
