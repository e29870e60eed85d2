/** A pod that starts while Redis is away: two LiteLLM processes with the rendered configuration. */
import { expect, onTestFinished, test } from "vitest";
import { failed, many } from "../support/client";
import { networkOfProcess } from "../support/cluster";
import { parsed } from "../support/config";
import { LLAMA } from "../support/models";
import { Proxies } from "../support/proxies";
import { silence } from "../support/silence";

const REPLICAS = 4;
const { podNetwork: network } = networkOfProcess();

/** An address where no Redis answers. */
const nobody = `127.${network}.1.99:6379`;
const somebodySilent = async () => `127.0.0.1:${(await silence()).port}`;

async function proxiesWithoutRedis(
  running: number,
  { address, checked, routing }: { address: string; checked: boolean; routing: object },
) {
  const proxies = await Proxies.start({
    config: parsed({
      models: { [LLAMA]: { autoscaling: { maxReplicas: REPLICAS } } },
      gateway: { cache: { enabled: false }, routing },
    }),
    replicas: { [LLAMA]: running },
    checked,
    network,
    env: { REDIS_URL: `redis://${address}` },
  });
  onTestFinished(() => proxies.close());
  return proxies;
}

test.each([
  ["nobody answers", () => nobody],
  ["it takes connections and says nothing", somebodySilent],
])(
  "where %s it knows which replicas there are before it sends a request to one",
  async (_what, of) => {
    const proxies = await proxiesWithoutRedis(1, {
      address: await of(),
      checked: false,
      routing: { retries: 0, healthCheckIntervalSeconds: 5 },
    });
    const answers = await Promise.all(
      [0, 1].map((proxy) => many(4, 4, () => proxies.ask(LLAMA, {}, proxy))),
    );
    expect(failed(answers.flat())).toEqual([]);
  },
);

test("tries each replica once before one a second time", async () => {
  const proxies = await proxiesWithoutRedis(REPLICAS, {
    address: nobody,
    checked: true,
    // No replica cools down.
    routing: { retries: REPLICAS - 1, failuresBeforeCooldown: 1000 },
  });
  for (const ordinal of [0, 1, 2]) {
    await proxies.setFault(LLAMA, ordinal, { kind: "error" });
  }
  const answers = await many(8, 8, () => proxies.ask(LLAMA));
  expect(failed(answers)).toEqual([]);
});
