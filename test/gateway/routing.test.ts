/** What each key of the rendered configuration does, on two LiteLLM processes with one Redis and simulated replicas. */
import { once } from "node:events";
import { request } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { ask, failed, idOf, many, post, retriesOf, shares, type Answer } from "../support/client";
import { eventually } from "../support/cluster";
import { parsed } from "../support/config";
import { LLAMA, QWEN } from "../support/models";
import { Proxies } from "../support/proxies";
import { REDIS_PASSWORD } from "../support/redis";

/** Seconds. */
const [INTERVAL, COOLDOWN, TIMEOUT] = [5, 15, 3] as const;

describe("two proxies with three Llama entries, two of them with a pod", () => {
  let proxies: Proxies;

  beforeAll(async () => {
    proxies = await Proxies.start({
      config: parsed({
        models: {
          [LLAMA]: { autoscaling: { minReplicas: 2, maxReplicas: 3 } },
          [QWEN]: { autoscaling: { maxReplicas: 1 } },
        },
        gateway: {
          routing: {
            healthCheckIntervalSeconds: INTERVAL,
            cooldownSeconds: COOLDOWN,
            requestTimeoutSeconds: TIMEOUT,
          },
        },
      }),
      replicas: { [LLAMA]: 2, [QWEN]: 1 },
    });
  });
  afterAll(() => proxies.close());

  const on = (ordinal: number) => `${LLAMA}-${ordinal}`;

  /** Asks both proxies in turn, `atATime` at a time. */
  let turn = 0;
  const spread = (count: number, atATime = 1) =>
    many(count, atATime, () => proxies.ask(LLAMA, {}, (turn += 1) % 2));

  /** A replica with a fault, and afterwards one without that is neither unhealthy nor cooling down. */
  async function withFault(
    ordinals: readonly number[],
    fault: Parameters<Proxies["setFault"]>[2],
    body: () => Promise<void>,
  ): Promise<void> {
    for (const ordinal of ordinals) {
      await proxies.setFault(LLAMA, ordinal, fault);
    }
    try {
      await body();
    } finally {
      for (const ordinal of ordinals) {
        await proxies.setFault(LLAMA, ordinal, { kind: "none" });
      }
      // An entry without a pod cools down all the time: its checks fail.
      await eventually("every cool-down to end", 2 * COOLDOWN, async () =>
        /-[01]:cooldown/.test(await proxies.redisSays("--raw", "keys", "*:cooldown"))
          ? undefined
          : true,
      );
      await proxies.settled();
    }
  }

  test("spread requests over the replicas, and ask no entry without a pod", async () => {
    const answers = await spread(60, 6);
    expect(failed(answers)).toEqual([]);
    expect(Object.keys(shares(answers)).sort()).toEqual([on(0), on(1)]);
    expect(Math.min(...Object.values(shares(answers)))).toBeGreaterThan(15);
    expect(answers.filter((answer) => retriesOf(answer) > 0)).toEqual([]);
  });

  test("give less to a slow replica", async () => {
    await withFault([0], { kind: "slow", factor: 10 }, async () => {
      const { [on(0)]: slow = 0, [on(1)]: fast = 0 } = shares(await spread(60, 4));
      expect(slow + fast).toBe(60);
      expect(slow).toBeLessThan(fast / 2);
    });
  });

  test("retry on another replica, start a cool-down that both know, and end it", async () => {
    await withFault([0], { kind: "error" }, async () => {
      const seen: Answer[] = [];
      await eventually("a cool-down in Redis", 20, async () => {
        seen.push(...(await many(8, 8, () => proxies.ask(LLAMA, {}, 0))));
        const keys = await proxies.redisSays("--raw", "keys", `*${on(0)}:cooldown`);
        return keys === "" ? undefined : true;
      });
      expect(failed(seen)).toEqual([]);
      expect(seen.filter((answer) => retriesOf(answer) > 0)).not.toEqual([]);
      const key = await proxies.redisSays("--raw", "keys", `*${on(0)}:cooldown`);
      const left = Number(await proxies.redisSays("--raw", "ttl", key));
      expect(left).toBeGreaterThan(0);
      expect(left).toBeLessThanOrEqual(COOLDOWN);
      // Healthy again: what still keeps it out of the other proxy's routing is the cool-down alone.
      await proxies.setFault(LLAMA, 0, { kind: "none" });
      // One request a second reads the cool-downs of others; those at the same time go by what was read before.
      const first = await proxies.ask(LLAMA, {}, 1);
      const others = await many(12, 4, () => proxies.ask(LLAMA, {}, 1));
      expect(shares([first, ...others])).toEqual({ [on(1)]: 13 });
      await eventually("the replica to be asked again", COOLDOWN + 2 * INTERVAL, async () =>
        on(0) in shares(await spread(4, 4)) ? true : undefined,
      );
    });
  });

  test("fall back from Llama to Qwen when every replica fails, and not the other way", async () => {
    await withFault([0, 1], { kind: "error" }, async () => {
      const answers = await spread(6, 2);
      expect(failed(answers)).toEqual([]);
      expect(shares(answers)).toEqual({ [`${QWEN}-0`]: 6 });
    });
    await proxies.setFault(QWEN, 0, { kind: "error" });
    try {
      expect((await proxies.ask(QWEN)).status).toBeGreaterThanOrEqual(500);
    } finally {
      await proxies.setFault(QWEN, 0, { kind: "none" });
    }
    await sleep(COOLDOWN * 1000);
    await proxies.settled();
  });

  test.each([false, true])(
    "give up on a replica that hangs after the time-out, and ask another (stream: %s)",
    async (stream) => {
      await withFault([0, 1], { kind: "hang" }, async () => {
        const started = Date.now();
        const answer = await proxies.ask(LLAMA, { stream });
        const seconds = (Date.now() - started) / 1000;
        expect(answer.status).toBe(200);
        expect(seconds).toBeGreaterThan(TIMEOUT * 0.9);
        // The first attempt, two retries, and the fallback's own, with what a busy machine needs to answer at all.
        expect(seconds).toBeLessThan(TIMEOUT * 4 + 15);
      });
    },
  );

  test("keep a replica that is too busy to answer its health check in time", async () => {
    await withFault([0], { kind: "slow", factor: 1000 }, async () => {
      await eventually("a failed check", 4 * INTERVAL, async () =>
        (await proxies.healthy()).includes(on(0)) ? undefined : true,
      );
      await proxies.setFault(LLAMA, 0, { kind: "none" });
      expect(Object.keys(shares(await spread(12, 4))).sort()).toEqual([on(0), on(1)]);
    });
  });

  test("refuse a prompt that no model has room for, without asking a replica", async () => {
    const prompt = `oversized ${"word ".repeat(20_000)}`;
    for (const model of [QWEN, LLAMA]) {
      const answer = await proxies.ask(model, { prompt });
      expect(answer.status).toBe(400);
      expect(answer.text).toMatch(/context/i);
    }
    const reached = [proxies.replica(LLAMA, 0), proxies.replica(LLAMA, 1), proxies.replica(QWEN, 0)]
      .flatMap(({ received }) => received)
      .filter(({ body }) => body.includes("oversized"));
    expect(reached).toEqual([]);
  });

  test("answer from one cache, conversations of more than four messages and text completions too", async () => {
    const messages = Array.from({ length: 7 }, (_, index) => ({
      role: index % 2 === 0 ? "user" : "assistant",
      content: `turn ${index} of ${process.pid}`,
    }));
    const keys = async () =>
      (await proxies.redisSays("--raw", "keys", "litellm.cache:*")).split("\n").filter(Boolean);
    /** Waits until Redis has one answer more than before: a proxy stores it after it has sent it. */
    const stored = (before: readonly string[]) =>
      eventually("the answer in Redis", 15, async () =>
        (await keys()).length > before.length ? true : undefined,
      );
    for (const asked of [{ prompt: `cached ${process.pid}` }, { messages }]) {
      const before = await keys();
      const first = await proxies.ask(LLAMA, asked, 0);
      expect(first.status).toBe(200);
      await stored(before);
      expect(idOf(await proxies.ask(LLAMA, asked, 1))).toBe(idOf(first));
    }
    const body = JSON.stringify({ model: `vllm/${LLAMA}`, prompt: `text ${process.pid}` });
    const before = await keys();
    const text = await post(`${proxies.url(0)}/v1/completions`, proxies.key, body);
    await stored(before);
    const again = await post(`${proxies.url(1)}/v1/completions`, proxies.key, body);
    expect(idOf(again)).toBe(idOf(text));
    const [key = ""] = await keys();
    expect(key).not.toBe("");
    const ttl = Number(await proxies.redisSays("--raw", "ttl", key));
    expect(ttl).toBeGreaterThan(0);
    expect(ttl).toBeLessThanOrEqual(parsed().gateway.cache.ttlSeconds);
  });

  test("check each replica once an interval between them, with one token", async () => {
    const { received } = proxies.replica(QWEN, 0);
    const from = received.length;
    const started = Date.now();
    await eventually("three checks", 4 * INTERVAL, () =>
      Promise.resolve(received.length - from >= 3 || undefined),
    );
    await sleep(started + 4 * INTERVAL * 1000 - Date.now());
    const checks = received.slice(from);
    const intervals = (Date.now() - started) / 1000 / INTERVAL;
    // Two proxies that each checked for themselves would double it.
    expect(checks.length).toBeLessThanOrEqual(intervals * 1.5);
    for (const { path, body } of checks) {
      expect(path).toBe("/v1/chat/completions");
      expect(JSON.parse(body)).toMatchObject({ max_tokens: 1 });
    }
    expect((await proxies.get("/health")).text).not.toContain("api_base");
  });

  test("drop a parameter that vLLM's client does not know", async () => {
    const prompt = `dropped ${process.pid}`;
    const answer = await proxies.ask(LLAMA, { prompt, verbosity: "low" });
    expect(answer.status).toBe(200);
    const bodies = [0, 1].flatMap((ordinal) => proxies.replica(LLAMA, ordinal).received);
    const found = bodies.filter(({ body }) => body.includes(prompt));
    expect(found).toHaveLength(1);
    expect(found[0]?.body).not.toContain("verbosity");
  });

  test("refuse another key, on the API and on the metrics", async () => {
    const { status } = await ask(proxies.url(0), "sk-another", LLAMA);
    expect(status).toBeGreaterThanOrEqual(400);
    const metrics = await fetch(`${proxies.url(0)}/metrics/`);
    expect(metrics.status).toBe(401);
    expect((await proxies.get("/metrics/")).text).toMatch(/litellm_in_flight_requests/);
  });

  test("tell nobody the password of Redis", async () => {
    const { text } = await proxies.get("/cache/ping");
    expect(text).toContain("socket_timeout");
    expect(text).not.toContain(REDIS_PASSWORD);
  });

  test("log JSON", async () => {
    await withFault([0, 1], { kind: "error" }, async () => {
      await spread(2, 2);
    });
    const lines = (await proxies.log(0)).split("\n").filter((line) => line.startsWith("{"));
    expect(lines).not.toEqual([]);
    const entry = z.object({ message: z.string(), level: z.string() });
    expect(lines.filter((line) => !entry.safeParse(JSON.parse(line)).success)).toEqual([]);
  });

  test("go on after streams that their clients gave up", async () => {
    await Promise.all(Array.from({ length: 6 }, () => abandonedStream(proxies)));
    // Without its key, LiteLLM would now try for 23 seconds each to fetch a tokenizer, and answer nobody meanwhile.
    const started = Date.now();
    expect((await proxies.ask(LLAMA)).status).toBe(200);
    expect(Date.now() - started).toBeLessThan(20_000);
  });

  // Last: LiteLLM leaves Redis alone for a while after it was gone.
  test("go on without Redis, and use it again when it is back", async () => {
    process.kill(proxies.redisPid, "SIGKILL");
    expect(failed(await spread(12, 3))).toEqual([]);
    await proxies.startRedis();
    let attempt = 0;
    await eventually("a shared cache again", 120, async () => {
      // Another prompt each time: without Redis, a proxy keeps answers in its memory and would repeat its own.
      const prompt = `after Redis ${process.pid} ${(attempt += 1)}`;
      const first = await proxies.ask(LLAMA, { prompt }, 0);
      await sleep(500);
      const second = await proxies.ask(LLAMA, { prompt }, 1);
      expect([first.status, second.status]).toEqual([200, 200]);
      return idOf(first) === idOf(second) ? true : undefined;
    });
  });
});

/** A stream whose client leaves after the first chunk. */
async function abandonedStream(proxies: Proxies): Promise<void> {
  const sent = request(`${proxies.url(0)}/v1/chat/completions`, {
    method: "POST",
    agent: false,
    headers: { authorization: `Bearer ${proxies.key}`, "content-type": "application/json" },
  });
  sent.end(
    JSON.stringify({
      model: `vllm/${LLAMA}`,
      stream: true,
      max_tokens: 200,
      messages: [{ role: "user", content: `abandoned ${Math.random()}` }],
    }),
  );
  const [response] = z
    .tuple([z.custom<NodeJS.ReadableStream>()])
    .parse(await once(sent, "response"));
  await once(response, "data");
  response.on("error", () => undefined);
  sent.on("error", () => undefined).destroy();
}
