/** A pod that starts while Redis is away: two LiteLLM processes with the rendered configuration, and nobody at the address of Redis. */
import { expect, onTestFinished, test } from "vitest";
import { failed, many } from "../support/client";
import { networkOfProcess } from "../support/cluster";
import { parsed } from "../support/config";
import { LLAMA } from "../support/models";
import { Proxies } from "../support/proxies";

const REPLICAS = 4;
const { podNetwork: network } = networkOfProcess();

async function proxiesWithoutRedis(running: number, { checked }: { checked: boolean }) {
  const proxies = await Proxies.start({
    config: parsed({
      models: { [LLAMA]: { autoscaling: { maxReplicas: REPLICAS } } },
      gateway: { cache: { enabled: false }, routing: { retries: REPLICAS - 1 } },
    }),
    replicas: { [LLAMA]: running },
    checked,
    network,
    env: { REDIS_URL: `redis://127.${network}.1.99:6379` },
  });
  onTestFinished(() => proxies.close());
  return proxies;
}

test("knows which replicas there are before it sends a request to one", async () => {
  const proxies = await proxiesWithoutRedis(1, { checked: false });
  const answers = await Promise.all(
    [0, 1].map((proxy) => many(4, 4, () => proxies.ask(LLAMA, {}, proxy))),
  );
  expect(failed(answers.flat())).toEqual([]);
});

test("tries each replica once before one a second time", async () => {
  const proxies = await proxiesWithoutRedis(REPLICAS, { checked: true });
  for (const ordinal of [0, 1, 2]) {
    await proxies.setFault(LLAMA, ordinal, { kind: "error" });
  }
  const answers = await many(8, 8, () => proxies.ask(LLAMA));
  expect(failed(answers)).toEqual([]);
});
