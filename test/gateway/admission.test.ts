/** Admission on two LiteLLM processes with the rendered configuration: what happens when more is asked than the replicas can do. */
import { request } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { administer, ask, type Answer } from "../support/client";
import { eventually } from "../support/cluster";
import { parsed } from "../support/config";
import { LLAMA } from "../support/models";
import { Proxies } from "../support/proxies";

const REPLICAS = 3;
const PLACES = REPLICAS * (parsed().models[LLAMA]?.shape.maxSequences ?? NaN);
/** Of an answer in these tests: about a second. */
const TOKENS = 40;

let proxies: Proxies;
beforeAll(async () => {
  proxies = await Proxies.start({
    config: parsed({
      models: { [LLAMA]: { autoscaling: { minReplicas: REPLICAS, maxReplicas: REPLICAS } } },
      gateway: { cache: { enabled: false }, routing: { healthCheckIntervalSeconds: 5 } },
    }),
    database: true,
    replicas: { [LLAMA]: REPLICAS },
    pace: { timeToFirstTokenMs: 50, interTokenMs: 25 },
  });
});
afterAll(() => proxies.close());

const answer = (index: number, key = proxies.key, tokens = TOKENS) =>
  ask(proxies.url(index % 2), key, LLAMA, { max_tokens: tokens });

/** What the replicas' own metrics say: sequences in their batches, and behind them. */
async function batches(): Promise<{ running: number; waiting: number }> {
  let running = 0;
  let waiting = 0;
  for (let ordinal = 0; ordinal < REPLICAS; ordinal += 1) {
    const { address } = proxies.replica(LLAMA, ordinal);
    const text = await (await fetch(`http://${address}:8000/metrics`)).text();
    running += Number(/^vllm:num_requests_running\S* (\d+)/m.exec(text)?.[1]);
    waiting += Number(/^vllm:num_requests_waiting\S* (\d+)/m.exec(text)?.[1]);
  }
  return { running, waiting };
}

/** Places that Redis says are taken. */
async function taken(): Promise<number> {
  let sum = 0;
  for (let ordinal = 0; ordinal < REPLICAS; ordinal += 1) {
    const key = `llm-gateway.places:{vllm/${LLAMA}}:${LLAMA}-${ordinal}`;
    sum += Number(await proxies.redisSays("ZCARD", key));
  }
  return sum;
}

const allFree = () =>
  eventually("every place to be free", 30, async () => ((await taken()) === 0 ? true : undefined));

const count = (answers: readonly Answer[], status: number) =>
  answers.filter((one) => one.status === status).length;

describe("more requests than places and queue", () => {
  test("fill every batch and no replica's queue; the rest is refused at once, with when to come back", async () => {
    const asked = 3 * PLACES;
    const asking = Array.from({ length: asked }, (_, index) => answer(index));
    const most = { running: 0, waiting: 0 };
    const watching = new AbortController();
    const watched = (async () => {
      while (!watching.signal.aborted) {
        const now = await batches();
        most.running = Math.max(most.running, now.running);
        most.waiting = Math.max(most.waiting, now.waiting);
        await sleep(50);
      }
    })();
    const answers = await Promise.all(asking);
    watching.abort();
    await watched;
    expect(most.running).toBe(PLACES);
    // Nobody's but those of health checks, of one token each, which ask for no place.
    expect(most.waiting).toBeLessThanOrEqual(REPLICAS);
    // As many as there are places, and as many again in the queue.
    expect(count(answers, 200)).toBeGreaterThanOrEqual(2 * PLACES);
    expect(count(answers, 200) + count(answers, 429)).toBe(asked);
    const refused = answers.filter(({ status }) => status === 429);
    expect(refused.length).toBeGreaterThan(0);
    for (const { headers, text } of refused) {
      expect(Number(headers["retry-after"])).toBeGreaterThan(0);
      expect(text).toContain("at its capacity");
    }
    await allFree();
  });

  test("start no cool-down: every replica gets its share of what comes next", async () => {
    const answers = await Promise.all(
      Array.from({ length: PLACES }, (_, index) => answer(index, proxies.key, 5)),
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    expect(new Set(answers.map(({ replica }) => replica)).size).toBe(REPLICAS);
  });
});

test.each([
  ["an answer in one piece", false],
  ["a stream", true],
])("a client that leaves before %s is complete gives its place back", async (_what, stream) => {
  const clients = Array.from({ length: PLACES }, (_, index) => {
    const asking = request(`${proxies.url(index % 2)}/v1/chat/completions`, {
      method: "POST",
      agent: false,
      headers: { authorization: `Bearer ${proxies.key}`, "content-type": "application/json" },
    });
    // It ends in "socket hang up": that is the client's own doing.
    asking.on("error", () => undefined);
    const messages = [{ role: "user", content: `leave ${index}` }];
    asking.end(JSON.stringify({ model: `vllm/${LLAMA}`, stream, max_tokens: 4000, messages }));
    return asking;
  });
  await eventually("every place to be taken", 30, async () =>
    (await batches()).running === PLACES ? true : undefined,
  );
  expect(await taken()).toBe(PLACES);
  for (const client of clients) {
    client.destroy();
  }
  await allFree();
});

test("an answer that a stream brings holds its place to its end", async () => {
  const streams = Array.from({ length: PLACES }, (_, index) =>
    ask(proxies.url(index % 2), proxies.key, LLAMA, { stream: true, max_tokens: TOKENS }),
  );
  await eventually("the streams to have begun", 30, async () =>
    (await batches()).running === PLACES ? true : undefined,
  );
  expect(await taken()).toBe(PLACES);
  expect(new Set((await Promise.all(streams)).map(({ status }) => status))).toEqual(new Set([200]));
  await allFree();
});

test("a quiet team is answered beside one that asks for all", async () => {
  const made = z.object({ team_id: z.string() });
  const given = z.object({ key: z.string() });
  const admin = (path: string, body: object) => administer(proxies.url(0), proxies.key, path, body);
  const keyOf = async (team: string) => {
    const { team_id } = made.parse(await admin("/team/new", { team_alias: team }));
    return given.parse(await admin("/key/generate", { team_id })).key;
  };
  const [noisy, quiet] = [await keyOf("noisy"), await keyOf("quiet")];
  let going = true;
  const loops = Array.from({ length: 4 * PLACES }, async (_, index) => {
    while (going) {
      const { status } = await answer(index, noisy);
      if (status !== 200) {
        await sleep(100);
      }
    }
  });
  await eventually("the noisy team to have every place", 30, async () =>
    (await taken()) === PLACES ? true : undefined,
  );
  const answers: Answer[] = [];
  for (let index = 0; index < 10; index += 1) {
    answers.push(await answer(index, quiet, 5));
  }
  going = false;
  await Promise.all(loops);
  expect(count(answers, 200)).toBe(10);
  await allFree();
});

test("without Redis requests go on", async () => {
  process.kill(proxies.redisPid, "SIGKILL");
  try {
    const answers = await Promise.all(
      Array.from({ length: PLACES }, (_, index) => answer(index, proxies.key, 5)),
    );
    expect(count(answers, 200)).toBe(PLACES);
  } finally {
    await proxies.startRedis();
  }
});
