/** Every replica of a model accepts requests and never answers: what becomes of those who wait in the gateway for a place. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { ask, shares } from "../support/client";
import { parsed } from "../support/config";
import { LLAMA, QWEN } from "../support/models";
import { Proxies } from "../support/proxies";

const REPLICAS = 2;
const PLACES = REPLICAS * (parsed().models[LLAMA]?.shape.maxSequences ?? NaN);
/** Of whoever has to wait, for each place. */
const QUEUE = 4;

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
          admission: { queuePerPlace: QUEUE },
        },
      },
    }),
    replicas: { [LLAMA]: REPLICAS, [QWEN]: 1 },
  });
});
afterAll(() => proxies.close());

test("they are answered by the fallback when its replicas cool down, and not sent to fail as well", async () => {
  for (let ordinal = 0; ordinal < REPLICAS; ordinal += 1) {
    await proxies.setFault(LLAMA, ordinal, { kind: "hang" });
  }
  const answers = await Promise.all(
    Array.from({ length: QUEUE * PLACES }, (_, index) =>
      ask(proxies.url(index % 2), proxies.key, LLAMA, { prompt: `whoever waits ${index}` }),
    ),
  );
  expect(shares(answers)).toEqual({ [`${QWEN}-0`]: QUEUE * PLACES });
  const sent = Array.from({ length: REPLICAS }, (_, ordinal) => ordinal)
    .flatMap((ordinal) => proxies.replica(LLAMA, ordinal).received)
    .filter(({ body }) => body.includes("whoever waits"));
  // Those who had a place, and those who took one over between the first failure and the last that starts a cool-down.
  expect(sent.length).toBeGreaterThanOrEqual(PLACES);
  expect(sent.length).toBeLessThanOrEqual(2 * PLACES);
});
