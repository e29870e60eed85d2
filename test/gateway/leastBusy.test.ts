/** LiteLLM's own choice of a replica, where admission is off: its counts are in Redis, for both proxies. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { failed, many, shares } from "../support/client";
import { parsed } from "../support/config";
import { LLAMA } from "../support/models";
import { Proxies } from "../support/proxies";

let proxies: Proxies;

beforeAll(async () => {
  proxies = await Proxies.start({
    config: parsed({
      models: { [LLAMA]: { autoscaling: { minReplicas: 2, maxReplicas: 2 } } },
      gateway: { routing: { admission: { enabled: false }, healthCheckIntervalSeconds: 5 } },
    }),
    replicas: { [LLAMA]: 2 },
  });
});
afterAll(() => proxies.close());

test("two proxies give less to a slow replica, by counts that they share", async () => {
  await proxies.setFault(LLAMA, 0, { kind: "slow", factor: 10 });
  let turn = 0;
  const answers = await many(60, 8, () => proxies.ask(LLAMA, {}, (turn += 1) % 2));
  expect(failed(answers)).toEqual([]);
  expect(shares(answers)[`${LLAMA}-0`] ?? 0).toBeLessThan(25);
  expect(await proxies.redisSays("--raw", "keys", "*_request_count:*")).toContain("request_count");
});
