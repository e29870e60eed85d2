/** Keys, teams, budgets and limits, on two LiteLLM processes with the rendered configuration, PostgreSQL and Redis. */
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { administer, ask, many } from "../support/client";
import { eventually } from "../support/cluster";
import { parsed } from "../support/config";
import { LLAMA, QWEN } from "../support/models";
import { Proxies } from "../support/proxies";

/** Dollars per token, as the stack may write them. */
const PRICE = { inputUsdPerMillionTokens: 1000, outputUsdPerMillionTokens: 4000 };
const CACHE_SECONDS = 10;

let proxies: Proxies;

beforeAll(async () => {
  proxies = await Proxies.start({
    config: parsed({
      models: {
        [LLAMA]: { autoscaling: { maxReplicas: 1 }, price: PRICE },
        [QWEN]: { autoscaling: { maxReplicas: 1 }, price: PRICE },
      },
      gateway: { cache: { enabled: false }, keys: { cacheSeconds: CACHE_SECONDS } },
    }),
    database: true,
    replicas: { [LLAMA]: 1, [QWEN]: 1 },
  });
});
afterAll(() => proxies.close());

const admin = (path: string, body: object) => administer(proxies.url(0), proxies.key, path, body);

const made = z.object({ key: z.string() });
const newKey = async (settings: object) => made.parse(await admin("/key/generate", settings)).key;

/** A completion with a client's key; its answer has `max_tokens` tokens. */
const completion = (key: string, { proxy = 0, model = LLAMA, tokens = 5 } = {}) =>
  ask(proxies.url(proxy), key, model, { max_tokens: tokens });

const info = z.object({ info: z.object({ spend: z.number() }) });
/** Not a number while the pod cannot say: it may still be on its way back to its database. */
async function spendOf(key: string, proxy = 0): Promise<number> {
  const response = await fetch(`${proxies.url(proxy)}/key/info?key=${key}`, {
    headers: { authorization: `Bearer ${proxies.key}` },
    // A question from the middle of its way back is never answered.
    signal: AbortSignal.timeout(5000),
  }).catch(() => undefined);
  return response?.ok === true ? info.parse(await response.json()).info.spend : NaN;
}

const usage = z.object({
  usage: z.object({ prompt_tokens: z.number(), completion_tokens: z.number() }),
});
/** Tokens of an answer and its question. */
function tokensOf(text: string): number {
  const { prompt_tokens: input, completion_tokens: output } = usage.parse(JSON.parse(text)).usage;
  return input + output;
}
/** What an answer costs by its own count of tokens. */
function costOf(text: string): number {
  const { prompt_tokens: input, completion_tokens: output } = usage.parse(JSON.parse(text)).usage;
  return (
    (input * PRICE.inputUsdPerMillionTokens + output * PRICE.outputUsdPerMillionTokens) / 1_000_000
  );
}

describe("a key", () => {
  test("that nobody gave is refused", async () => {
    expect((await completion("sk-nobody-gave-this")).status).toBe(401);
  });

  test("opens every pod, and is refused by all once it is deleted and their memory of it is over", async () => {
    const key = await newKey({});
    expect((await completion(key)).status).toBe(200);
    expect((await completion(key, { proxy: 1 })).status).toBe(200);
    await admin("/key/delete", { keys: [key] });
    const deleted = Date.now();
    await eventually("the other pod to forget it", 30, async () =>
      (await completion(key, { proxy: 1 })).status === 401 ? true : undefined,
    );
    expect(Date.now() - deleted).toBeLessThan((CACHE_SECONDS + 5) * 1000);
    expect((await completion(key)).status).toBe(401);
  });

  test("for one model opens no other", async () => {
    const key = await newKey({ models: [`vllm/${LLAMA}`] });
    expect((await completion(key)).status).toBe(200);
    const refused = await completion(key, { model: QWEN });
    expect([401, 403]).toContain(refused.status);
    expect(refused.text).toContain("key_model_access_denied");
  });

  test("gets no more requests a minute than its limit over all pods, with the response cache off", async () => {
    const key = await newKey({ rpm_limit: 4 });
    const answers = [];
    for (let index = 0; index < 12; index += 1) {
      answers.push(await completion(key, { proxy: index % 2 }));
    }
    const statuses = answers.map(({ status }) => status);
    expect(new Set(statuses)).toEqual(new Set([200, 429]));
    // A minute may end in between: then a second one's requests are among them.
    expect(statuses.filter((status) => status === 200).length).toBeLessThanOrEqual(8);
  });

  test("gets no more tokens a minute than its limit over all pods, but for its last answer", async () => {
    const one = tokensOf((await completion(proxies.key)).text);
    const key = await newKey({ tpm_limit: 3 * one });
    const tokens: number[] = [];
    const refusals = await eventually("a refusal by each pod", 30, async () => {
      const answers = await Promise.all([0, 1].map((proxy) => completion(key, { proxy })));
      tokens.push(
        ...answers.filter(({ status }) => status === 200).map(({ text }) => tokensOf(text)),
      );
      return answers.every(({ status }) => status === 429) ? answers : undefined;
    });
    expect(refusals[0]?.text).toContain("tokens");
    const sum = tokens.reduce((total, each) => total + each, 0);
    expect(sum).toBeGreaterThanOrEqual(3 * one);
    // One more of each pod may have been on its way; and a minute may end in between.
    expect(sum).toBeLessThanOrEqual(2 * (3 + 2) * one);
  });
});

describe("spend", () => {
  test("is what the tokens cost, in the sum over all pods", async () => {
    const key = await newKey({});
    const answers = await many(6, 3, () =>
      completion(key, { proxy: Math.random() < 0.5 ? 0 : 1, tokens: 7 }),
    );
    const cost = answers.reduce((sum, { text }) => sum + costOf(text), 0);
    await eventually("the spend to be written", 60, async () =>
      (await spendOf(key)) >= cost * 0.999 ? true : undefined,
    );
    expect(await spendOf(key, 1)).toBeCloseTo(cost, 6);
  });

  test("ends at the budget: a key is refused, by every pod, soon after it is spent", async () => {
    const one = costOf((await completion(proxies.key)).text);
    const key = await newKey({ max_budget: 3 * one });
    let answered = 0;
    await eventually("the budget to be refused", 60, async () => {
      const { status, text } = await completion(key, { proxy: answered % 2 });
      if (status === 200) {
        answered += 1;
        return undefined;
      }
      expect([400, 422, 429]).toContain(status);
      expect(text).toContain("budget_exceeded");
      return true;
    });
    // What may be over is what was on its way while the last of the budget was spent: here, one after the other, nothing.
    expect(answered).toBeGreaterThanOrEqual(3);
    expect(answered).toBeLessThanOrEqual(4);
    await sleep(CACHE_SECONDS * 1000);
    expect((await completion(key, { proxy: 1 })).status).not.toBe(200);
  });

  test("ends at the budget in a burst too: at most one answer more from each pod", async () => {
    const one = costOf((await completion(proxies.key)).text);
    const key = await newKey({ max_budget: 3 * one });
    let asked = 0;
    const answers = await many(40, 20, () => completion(key, { proxy: (asked += 1) % 2 }));
    const answered = answers.filter(({ status }) => status === 200).length;
    expect(answered).toBeGreaterThanOrEqual(1);
    expect(answered).toBeLessThanOrEqual(3 + 2);
    const refused = answers.find(({ status }) => status !== 200);
    expect(refused?.text).toContain("budget");
  });
});

describe("while the database is away", () => {
  const readiness = async (path: string) => (await fetch(`${proxies.url(0)}${path}`)).status;

  test("known keys are served, unknown ones are told to come back, and what was spent is written later", async () => {
    const key = await newKey({});
    // From here on the pod knows it, for as long as its memory goes.
    let cost = costOf((await completion(key)).text);
    await proxies.database.stop();
    try {
      for (let index = 0; index < 5; index += 1) {
        const answer = await completion(key);
        expect(answer.status).toBe(200);
        cost += costOf(answer.text);
      }
      const unknown = await completion("sk-nobody-gave-this-either");
      expect(unknown.status).toBe(503);
      // What keeps the pod in its Service.
      expect(await readiness("/health/liveliness")).toBe(200);
    } finally {
      await proxies.database.run();
    }
    await eventually("the spend of the outage", 90, async () =>
      (await spendOf(key)) >= cost * 0.999 ? true : undefined,
    );
    await eventually("unknown keys to be refused again", 60, async () =>
      (await completion("sk-nobody-gave-this-either")).status === 401 ? true : undefined,
    );
  });
});

// The last: its pod does not come back.
test("a pod that is killed loses of the spend what it has not written yet, and nothing else", async () => {
  const key = await newKey({});
  const written = costOf((await completion(key)).text);
  await eventually("the spend to be written", 60, async () =>
    (await spendOf(key, 1)) >= written * 0.999 ? true : undefined,
  );
  const answers = await many(5, 1, () => completion(key));
  const since = answers.reduce((sum, { text }) => sum + costOf(text), 0);
  process.kill(proxies.pidOf(0), "SIGKILL");
  const own = costOf((await completion(key, { proxy: 1 })).text);
  const least = (written + own) * 0.999;
  await eventually("the spend of the other pod to be written", 60, async () =>
    (await spendOf(key, 1)) >= least ? true : undefined,
  );
  expect(await spendOf(key, 1)).toBeLessThanOrEqual((written + since + own) * 1.001);
});
