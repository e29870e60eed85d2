/** What keeps clients apart and tells them what they get: scope of the response cache, price of an answer, a fallback without room; on real LiteLLM. */
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { tokenPrice } from "../../domain/models/tokenPrice";
import { ask, idOf, post, type Asked } from "../support/client";
import { eventually } from "../support/cluster";
import { parsed } from "../support/config";
import { LLAMA, QWEN, testModel } from "../support/models";
import { Proxies } from "../support/proxies";

/** Keys and teams without a database: LiteLLM asks this module who a key is. */
const KEYS = `
import os
from litellm.proxy._types import UserAPIKeyAuth, hash_token

TEAMS = {"sk-alice": "red", "sk-bob": "red", "sk-carol": "blue"}

async def user_api_key_auth(request, api_key):
    if api_key == os.environ["LITELLM_MASTER_KEY"]:
        return UserAPIKeyAuth(api_key=hash_token(api_key), user_role="proxy_admin")
    if api_key not in TEAMS:
        raise Exception("unknown key")
    return UserAPIKeyAuth(api_key=hash_token(api_key), team_id=TEAMS[api_key])
`;
const [ALICE, BOB, CAROL] = ["sk-alice", "sk-bob", "sk-carol"] as const;

function start(scope: "key" | "team"): Promise<Proxies> {
  return Proxies.start({
    config: parsed({
      models: {
        [LLAMA]: { autoscaling: { maxReplicas: 1 } },
        [QWEN]: { autoscaling: { maxReplicas: 1 } },
      },
      gateway: {
        cache: { scope },
        routing: { healthCheckIntervalSeconds: 5, cooldownSeconds: 5, retries: 0 },
      },
    }),
    count: 1,
    replicas: { [LLAMA]: 1, [QWEN]: 1 },
    files: { "keys.py": KEYS },
    rewrite: (config) => ({
      ...config,
      general_settings: { ...config.general_settings, custom_auth: "keys.user_api_key_auth" },
    }),
  });
}

/** Asks, and waits until Redis has what was answered: LiteLLM stores it after it has sent it. */
async function stored(proxies: Proxies, one: () => Promise<{ text: string; status: number }>) {
  const count = async () => (await proxies.redisSays("--raw", "keys", "litellm.cache:*")).length;
  const before = await count();
  const answer = await one();
  expect(answer.status, answer.text).toBe(200);
  await eventually("the answer in Redis", 15, async () =>
    (await count()) > before ? true : undefined,
  );
  return answer;
}

describe("a cache with an answer of its own for each key", () => {
  let proxies: Proxies;
  beforeAll(async () => {
    proxies = await start("key");
  });
  afterAll(() => proxies.close());

  const asks = (key: string, asked: Asked) => ask(proxies.url(0), key, LLAMA, asked);
  const posts = (key: string, path: string, body: object) =>
    post(
      `${proxies.url(0)}${path}`,
      key,
      JSON.stringify({ model: `vllm/${LLAMA}`, max_tokens: 8, ...body }),
    );

  type Way = (key: string, prompt: string) => ReturnType<typeof posts>;
  const WAYS: readonly (readonly [string, Way])[] = [
    ["chat completions", (key, prompt) => asks(key, { prompt })],
    ["streamed chat completions", (key, prompt) => asks(key, { prompt, stream: true })],
    ["text completions", (key, prompt) => posts(key, "/v1/completions", { prompt })],
    [
      "Anthropic's messages",
      (key, content) => posts(key, "/v1/messages", { messages: [{ role: "user", content }] }),
    ],
  ];
  /** How often a replica was asked with a prompt. */
  const reached = (prompt: string) =>
    proxies.replica(LLAMA, 0).received.filter(({ body }) => body.includes(prompt)).length;

  test.each(WAYS)("repeats an answer to its key, and to no other: %s", async (_way, one) => {
    const prompt = `scoped ${randomUUID()}`;
    await stored(proxies, () => one(ALICE, prompt));
    expect((await one(ALICE, prompt)).status).toBe(200);
    expect(reached(prompt)).toBe(1);
    expect((await one(BOB, prompt)).status).toBe(200);
    expect(reached(prompt)).toBe(2);
  });

  test("keeps no answer of the Responses API", async () => {
    const input = `responses ${randomUUID()}`;
    for (const key of [ALICE, ALICE]) {
      const { status, text } = await post(
        `${proxies.url(0)}/v1/responses`,
        key,
        JSON.stringify({ model: `vllm/${LLAMA}`, max_output_tokens: 8, input }),
      );
      expect(status, text).toBe(200);
    }
    expect(reached(input)).toBe(2);
  });

  test("gives nothing to another key that names the place where it lies", async () => {
    const prompt = `secret ${randomUUID()}`;
    const own = await stored(proxies, () => asks(ALICE, { prompt }));
    const again = await asks(ALICE, { prompt });
    expect(idOf(again)).toBe(idOf(own));
    const key = again.cacheKey ?? "";
    const [namespace, hash] = key.split(":");
    expect(hash).toMatch(/^[0-9a-f]{64}$/);
    for (const forged of [
      { cache: { namespace } },
      { cache_key: key },
      { preset_cache_key: key },
      { metadata: { redis_namespace: namespace } },
      { litellm_params: { preset_cache_key: key } },
    ]) {
      const { status, text } = await asks(BOB, { prompt, ...forged });
      expect(status === 200 ? idOf({ text }) : status, JSON.stringify(forged)).not.toBe(idOf(own));
    }
  });

  test("says what an answer cost: tokens by the model's price", async () => {
    const answer = await asks(ALICE, { prompt: `priced ${randomUUID()}` });
    const { usage } = z
      .object({ usage: z.object({ prompt_tokens: z.number(), completion_tokens: z.number() }) })
      .parse(JSON.parse(answer.text));
    const { inputUsd = 0, outputUsd = 0 } = tokenPrice(testModel(LLAMA)) ?? {};
    expect(usage.completion_tokens).toBeGreaterThan(0);
    expect(Number(answer.headers["x-litellm-response-cost-original"])).toBeCloseTo(
      usage.prompt_tokens * inputUsd + usage.completion_tokens * outputUsd,
      12,
    );
  });

  test("a prompt without room in the fallback is told so while the model is out of order", async () => {
    const long = `long ${randomUUID()} ${"word ".repeat(6000)}`;
    expect((await asks(ALICE, { prompt: long, max_tokens: 4 })).status).toBe(200);
    await proxies.setFault(LLAMA, 0, { kind: "error" });
    // First the model's own errors, then its cool-down and failed health checks: LiteLLM answers each in its own way.
    for (const stream of [false, true, false, true, false, true, false, true]) {
      const refused = await asks(BOB, { prompt: long, max_tokens: 4, stream });
      expect(refused.status, refused.text).toBe(503);
      expect(refused.text).toMatch(/is out of order, and the prompt exceeds the context/);
    }
    expect((await asks(BOB, { prompt: `short ${randomUUID()}` })).replica).toBe(`${QWEN}-0`);
  });
});

test("a cache by team repeats an answer to its keys, and to no other team", async () => {
  const proxies = await start("team");
  try {
    const prompt = `shared ${randomUUID()}`;
    const asks = (key: string) => ask(proxies.url(0), key, LLAMA, { prompt });
    const own = await stored(proxies, () => asks(ALICE));
    expect(idOf(await asks(BOB))).toBe(idOf(own));
    expect(idOf(await asks(CAROL))).not.toBe(idOf(own));
  } finally {
    await proxies.close();
  }
});
