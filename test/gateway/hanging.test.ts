/** Every replica of a model accepts requests and never answers: what becomes of those who wait in the gateway for a place. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { ask, shares, type Answer } from "../support/client";
import { parsed } from "../support/config";
import { LLAMA, QWEN } from "../support/models";
import { Proxies } from "../support/proxies";

const REPLICAS = 2;
const placesOf = (model: string) => parsed().models[model]?.shape.maxSequences ?? NaN;
const PLACES = REPLICAS * placesOf(LLAMA);
/** As many as all places have room for four times; the queue of either model takes all of them. */
const REQUESTS = 4 * PLACES;

let proxies: Proxies;
beforeAll(async () => {
  proxies = await Proxies.start({
    config: parsed({
      models: {
        [LLAMA]: { autoscaling: { minReplicas: REPLICAS, maxReplicas: REPLICAS } },
        [QWEN]: { autoscaling: { maxReplicas: 1 } },
      },
      gateway: {
        cache: { enabled: false },
        // A health check that finds out first would hide what the requests themselves find.
        routing: {
          requestTimeoutSeconds: 4,
          healthCheckIntervalSeconds: 60,
          cooldownSeconds: 120,
          admission: { queuePerPlace: REQUESTS },
        },
      },
    }),
    replicas: { [LLAMA]: REPLICAS, [QWEN]: 1 },
  });
});
afterAll(() => proxies.close());

/** All at once, half of them by each proxy. */
const asking = (model: string, prompt: string): Promise<Answer[]> =>
  Promise.all(
    Array.from({ length: REQUESTS }, (_, index) =>
      ask(proxies.url(index % 2), proxies.key, model, { prompt: `${prompt} ${index}` }),
    ),
  );

/** Requests that came as far as a replica. */
const sentTo = (model: string, replicas: number, prompt: string): number =>
  Array.from({ length: replicas }, (_, ordinal) => proxies.replica(model, ordinal))
    .flatMap(({ received }) => received)
    .filter(({ body }) => body.includes(prompt)).length;

test("they are answered by the fallback when its replicas cool down, and not sent to fail as well", async () => {
  for (let ordinal = 0; ordinal < REPLICAS; ordinal += 1) {
    await proxies.setFault(LLAMA, ordinal, { kind: "hang" });
  }
  const answers = await asking(LLAMA, "with a fallback");
  expect(shares(answers)).toEqual({ [`${QWEN}-0`]: REQUESTS });
  // Those who had a place, and those who took one over between the first failure and the last that starts a cool-down.
  const sent = sentTo(LLAMA, REPLICAS, "with a fallback");
  expect(sent).toBeGreaterThanOrEqual(PLACES);
  expect(sent).toBeLessThanOrEqual(2 * PLACES);
});

test("without a fallback they are told when to come back, as whoever comes then", async () => {
  await proxies.setFault(QWEN, 0, { kind: "hang" });
  const answers = await asking(QWEN, "without one");
  const sent = sentTo(QWEN, 1, "without one");
  expect(sent).toBeLessThanOrEqual(2 * placesOf(QWEN));
  const told = answers.filter(({ status }) => status === 429);
  expect(told.length).toBeGreaterThanOrEqual(REQUESTS - sent);
  for (const { headers } of told) {
    expect(Number(headers["retry-after"])).toBeGreaterThan(0);
  }
  expect(answers.filter(({ status }) => status === 200)).toEqual([]);
});
