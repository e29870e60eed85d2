/** Connections to Redis, without a proxy: what the admission's and LiteLLM's do where nobody answers. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import execa from "execa";
import { expect, onTestFinished, test } from "vitest";
import { callbackFiles } from "../../components/litellm/callbacks";
import { proxyConfig } from "../../components/litellm/proxyConfig";
import { completeGateway } from "../../domain/models/completeGateway";
import { requestScaling } from "../../domain/settings/requestScaling";
import { ensurePython } from "../../local/tools/python";
import { parsed } from "../support/config";
import { LLAMA } from "../support/models";
import { silence } from "../support/silence";

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

const CONFIG = parsed({ models: { [LLAMA]: {} } });
/** What the files of the pod follow from. */
const ARGS = {
  ...completeGateway(CONFIG),
  models: Object.entries(CONFIG.models).map(([name, settings]) => ({ name, ...settings })),
  modelNamespace: "vllm",
  requestScaling: requestScaling(CONFIG),
};

/** What a Python program prints beside the modules of the pod, where Redis is at `port`. */
async function printed(program: string, port: number): Promise<string[]> {
  const folder = await mkdtemp(join(tmpdir(), "silent-redis-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  for (const [name, text] of Object.entries({ ...callbackFiles(ARGS), "asks.py": program })) {
    await writeFile(join(folder, name), text);
  }
  const python = await ensurePython(() => undefined);
  const { stdout } = await execa(join(python, "bin", "python"), ["asks.py"], {
    cwd: folder,
    env: { REDIS_URL: `redis://127.0.0.1:${port}`, LITELLM_LOCAL_MODEL_COST_MAP: "True" },
  });
  return stdout.trim().split("\n");
}

test("a Redis that takes connections and says nothing is asked once by the admission, and requests go on", async () => {
  const { port, sockets } = await silence();
  expect(await printed(ASKS, port)).toEqual(["place None", "place None"]);
  // Beside the one that waits for news of free places.
  expect(sockets.length).toBeLessThanOrEqual(3);
});

test("LiteLLM's client that blocks its thread asks it once, too", async () => {
  const { port, sockets } = await silence();
  const { coordination_redis: parameters } = proxyConfig(ARGS).general_settings;
  const program = `
import json
import redis
from litellm._redis import get_redis_client

client = get_redis_client(**json.loads('${JSON.stringify(parameters)}'))
try:
    client.get("key")
except redis.TimeoutError:
    print("gave up")
`;
  expect(await printed(program, port)).toEqual(["gave up"]);
  expect(sockets).toHaveLength(1);
});
