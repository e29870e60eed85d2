/** A Redis that speaks TLS, as ElastiCache does: two LiteLLM processes with the rendered configuration and a URL of `rediss`. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { REDIS_PORT } from "../../domain/names";
import { ensurePython } from "../../local/tools/python";
import { idOf } from "../support/client";
import { networkOfProcess } from "../support/cluster";
import { parsed } from "../support/config";
import { LLAMA } from "../support/models";
import { Proxies } from "../support/proxies";
import { REDIS_PASSWORD } from "../support/redis";
import { TlsFront } from "../support/tlsFront";

const { podNetwork: network } = networkOfProcess();

/** Proxies that reach their Redis by TLS alone. */
async function proxiesBehindTls(
  env: (front: TlsFront) => Record<string, string>,
  { checked = true } = {},
) {
  const folder = await mkdtemp(join(tmpdir(), "tls-redis-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const front = await TlsFront.start(folder, await ensurePython(() => undefined), {
    host: `127.${network}.1.100`,
    port: REDIS_PORT,
  });
  onTestFinished(() => {
    front.close();
  });
  const proxies = await Proxies.start({
    config: parsed({ models: { [LLAMA]: {} }, gateway: { cache: { scope: "all" } } }),
    replicas: { [LLAMA]: 1 },
    network,
    checked,
    env: { REDIS_URL: `rediss://:${REDIS_PASSWORD}@127.0.0.1:${front.port}`, ...env(front) },
  });
  onTestFinished(() => proxies.close());
  return { front, proxies };
}

const connections = async (proxies: Proxies) =>
  (await proxies.redisSays("CLIENT", "LIST")).split("\n").filter((line) => line !== "").length;

test("shares answers and places of all replicas, whose certificate an authority has signed that the pod trusts", async () => {
  const { front, proxies } = await proxiesBehindTls(({ authority }) => ({
    SSL_CERT_FILE: authority,
  }));
  const prompt = "asked of both";
  const first = await proxies.ask(LLAMA, { prompt });
  expect(first.status).toBe(200);
  // A proxy stores an answer after it has sent it.
  await expect
    .poll(() => proxies.redisSays("--scan", "--pattern", "litellm.cache:*"), { timeout: 30_000 })
    .not.toBe("");
  expect(idOf(await proxies.ask(LLAMA, { prompt }, 1))).toBe(idOf(first));
  const counted = `llm-gateway.places:{vllm/${LLAMA}}*`;
  const places = async () => (await proxies.redisSays("--scan", "--pattern", counted)).length;
  // Ten seconds: longer than redis-cli takes to look on a loaded machine.
  const long = proxies.ask(LLAMA, { max_tokens: 1000 });
  await expect.poll(places, { timeout: 30_000 }).toBeGreaterThan(0);
  expect((await long).status).toBe(200);
  expect(front.refused).toEqual([]);
  expect(await connections(proxies)).toBeGreaterThan(2);
});

test("is left alone with a certificate that nobody vouches for, and requests go on", async () => {
  const { front, proxies } = await proxiesBehindTls(() => ({}), { checked: false });
  for (const proxy of [0, 1]) {
    expect((await proxies.ask(LLAMA, {}, proxy)).status).toBe(200);
  }
  expect(front.accepted).toBe(0);
  expect(front.refused.length).toBeGreaterThan(0);
  // That of who asks.
  expect(await connections(proxies)).toBe(1);
});
