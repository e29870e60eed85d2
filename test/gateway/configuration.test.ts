/** The rendered configuration of the stacks, as LiteLLM takes it. */
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { failed, many, retriesOf, type Answer } from "../support/client";
import { eventually } from "../support/cluster";
import { parsed } from "../support/config";
import { LLAMA, QWEN } from "../support/models";
import { Proxies } from "../support/proxies";
import { parsedStack } from "../support/stackFile";

/** Lines of a log in which LiteLLM says that it does not know a key. */
const complaints = (log: string) =>
  log.split("\n").filter((line) => /not a valid argument|unrecognized|ignoring/i.test(line));

const WITH_WARNINGS = { LITELLM_LOG: "WARNING" };

describe("the configuration of the local and the dev stack", () => {
  test.each(["local", "dev"])("%s loads without a complaint, and completes", async (name) => {
    const config = parsedStack(name);
    const replicas = Object.fromEntries(Object.keys(config.models).map((model) => [model, 1]));
    const proxies = await Proxies.start({ config, count: 1, replicas, env: WITH_WARNINGS });
    try {
      expect(complaints(await proxies.log(0))).toEqual([]);
      expect((await proxies.ask(QWEN)).status).toBe(200);
    } finally {
      await proxies.close();
    }
  });

  test("with a key that LiteLLM does not know has a complaint; with stale health, entries without a pod are asked", async () => {
    const proxies = await Proxies.start({
      config: parsed({ gateway: { routing: { healthCheckIntervalSeconds: 30, retries: 5 } } }),
      count: 1,
      replicas: { [LLAMA]: 1, [QWEN]: 1 },
      env: WITH_WARNINGS,
      rewrite: (config) => ({
        ...config,
        router_settings: { ...config.router_settings, cool_down: 1 },
        general_settings: { ...config.general_settings, health_check_staleness_threshold: 1 },
      }),
    });
    try {
      expect(complaints(await proxies.log(0)).join()).toContain("cool_down");
      await sleep(2000);
      const answers = await many(12, 4, () => proxies.ask(LLAMA));
      expect(answers.map(retriesOf).filter((retries) => retries > 0)).not.toEqual([]);
    } finally {
      await proxies.close();
    }
  });
});

describe("two proxies with the default health checks", () => {
  test("ask a replica that scale-out adds within an interval, and lose nothing when it goes", async () => {
    const proxies = await Proxies.start({
      config: parsed({ models: { [LLAMA]: { autoscaling: { maxReplicas: 3 } } } }),
      replicas: { [LLAMA]: 2 },
    });
    const interval = parsed().gateway.routing.healthCheckIntervalSeconds;
    let stop = false;
    const answers: Answer[] = [];
    const load = Promise.all(
      [0, 1, 0, 1].map(async (proxy) => {
        while (!stop) {
          answers.push(await proxies.ask(LLAMA, {}, proxy));
        }
      }),
    );
    try {
      await proxies.startReplica(LLAMA, 2);
      const added = Date.now();
      await eventually("the new replica to answer", interval + 5, () =>
        Promise.resolve(answers.some(({ replica }) => replica === `${LLAMA}-2`) || undefined),
      );
      // An entry that cools down, for its checks failed before the replica came, would wait a minute more.
      expect((Date.now() - added) / 1000).toBeLessThan(interval + 25);
      await sleep(2000);
      await proxies.stopReplica(LLAMA, 2);
      const since = answers.length;
      await sleep(10_000);
      await eventually("twenty more answers", 10, () =>
        Promise.resolve(answers.length > since + 20 || undefined),
      );
    } finally {
      stop = true;
      await load.finally(() => proxies.close());
    }
    expect(failed(answers)).toEqual([]);
  });
});
