/** A model that may sleep, on two LiteLLM processes with the rendered configuration: who asks for it, and what the autoscaler reads. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { GATEWAY_SIGNALS, SIGNALS_PORT } from "../../domain/gatewaySignals";
import { ask, failed, type Answer } from "../support/client";
import { eventually } from "../support/cluster";
import { parsed } from "../support/config";
import { LLAMA, QWEN } from "../support/models";
import { Proxies } from "../support/proxies";

let proxies: Proxies;
beforeAll(async () => {
  proxies = await Proxies.start({
    config: parsed({
      autoscaling: { requests: "keda" },
      models: {
        [LLAMA]: { autoscaling: { minReplicas: 0, maxReplicas: 2 } },
        [QWEN]: { autoscaling: { minReplicas: 0, maxReplicas: 1 } },
      },
      gateway: {
        cache: { enabled: false },
        // LiteLLM's own checks come too late for these tests: what they see is not of them.
        routing: { healthCheckIntervalSeconds: 60 },
      },
    }),
    replicas: {},
    checked: false,
  });
});
afterAll(() => proxies.close());

const answer = (model: string, index = 0, asked = {}) =>
  ask(proxies.url(index % 2), proxies.key, model, asked);

/** A gauge as the autoscaler reads it, of each proxy. */
async function gauge(name: keyof typeof GATEWAY_SIGNALS, model?: string): Promise<number[]> {
  const labels = model === undefined ? "" : `{model="vllm/${model}"}`;
  return Promise.all(
    [0, 1].map(async (index) => {
      const { hostname } = new URL(proxies.url(index));
      const text = await (await fetch(`http://${hostname}:${SIGNALS_PORT}/metrics`)).text();
      const line = text
        .split("\n")
        .find((one) => one.startsWith(`${GATEWAY_SIGNALS[name]}${labels} `));
      return Number(line?.split(" ").at(-1));
    }),
  );
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
const replicas = (answers: readonly Answer[]) => new Set(answers.map(({ replica }) => replica));

describe("while every model sleeps", () => {
  test("nobody has to guess: 503 at once, with when to come back", async () => {
    const { status, headers, text } = await answer(LLAMA);
    expect(status).toBe(503);
    expect(Number(headers["retry-after"])).toBeGreaterThan(0);
    expect(text).toContain(`vllm/${LLAMA} is asleep`);
  });

  test("the model that was asked for is wanted, and not the one that would stand in for it", async () => {
    expect(await gauge("wanted", LLAMA)).toEqual([1, 0]);
    expect(await gauge("wanted", QWEN)).toEqual([0, 0]);
  });
});

test("what the autoscaler reads tells of no key and no team, and needs none", async () => {
  const { hostname } = new URL(proxies.url(0));
  const text = await (await fetch(`http://${hostname}:${SIGNALS_PORT}/metrics`)).text();
  const named = [...text.matchAll(/^([a-z_]+)[ {]/gm)].map(([, name]) => name);
  expect(new Set(named)).toEqual(new Set(Object.values(GATEWAY_SIGNALS)));
});

describe("while a fallback runs", () => {
  beforeAll(() => proxies.startReplica(QWEN, 0));

  test("it answers for the model that sleeps, whole and streamed", async () => {
    await eventually("the fallback to be seen", 30, async () =>
      (await answer(QWEN)).status === 200 && (await answer(QWEN, 1)).status === 200
        ? true
        : undefined,
    );
    const answers = await Promise.all([
      answer(LLAMA, 0),
      answer(LLAMA, 1),
      answer(LLAMA, 0, { stream: true }),
    ]);
    expect(failed(answers)).toEqual([]);
    expect(replicas(answers)).toEqual(new Set([`${QWEN}-0`]));
  });

  test("requests that it answers count for it: it does not fall asleep over them", async () => {
    const answering = answer(LLAMA, 1, { max_tokens: 200 });
    await eventually("the request to be counted", 10, async () =>
      sum(await gauge("held", QWEN)) === 1 ? true : undefined,
    );
    expect(await gauge("held", LLAMA)).toEqual([0, 0]);
    expect(sum(await gauge("inFlight"))).toBe(1);
    expect((await answering).status).toBe(200);
    await eventually("the count to go back", 10, async () =>
      sum(await gauge("held", QWEN)) + sum(await gauge("inFlight")) === 0 ? true : undefined,
    );
  });
});

test("answers too short to be seen keep a model awake: it was asked for lately", async () => {
  expect((await answer(QWEN, 1, { max_tokens: 1 })).status).toBe(200);
  expect(await gauge("held", QWEN)).toEqual([0, 0]);
  expect(Math.max(...(await gauge("wanted", QWEN)))).toBe(1);
});

describe("a model that wakes", () => {
  const asked: Promise<Answer>[] = [];
  beforeAll(() => proxies.startReplica(LLAMA, 0));

  test("answers within seconds of being ready, by the replica that there is", async () => {
    await eventually("the model to answer itself", 15, async () => {
      const answers = await Promise.all([answer(LLAMA, 0), answer(LLAMA, 1)]);
      expect(failed(answers)).toEqual([]);
      return replicas(answers).size === 1 && replicas(answers).has(`${LLAMA}-0`) ? true : undefined;
    });
    const answers = await Promise.all(
      Array.from({ length: 6 }, (_, index) => answer(LLAMA, index)),
    );
    expect(failed(answers)).toEqual([]);
    expect(replicas(answers)).toEqual(new Set([`${LLAMA}-0`]));
  });

  test("falls asleep again without a failed request", async () => {
    const stopped = new AbortController();
    const asking = [0, 1].map(async (index) => {
      while (!stopped.signal.aborted) {
        const one = answer(LLAMA, index);
        asked.push(one);
        await one;
      }
    });
    await proxies.stopReplica(LLAMA, 0);
    await eventually("the fallback to answer", 15, async () => {
      const answers = await Promise.all([answer(LLAMA, 0), answer(LLAMA, 1)]);
      return replicas(answers).has(`${LLAMA}-0`) ? undefined : true;
    });
    stopped.abort();
    await Promise.all(asking);
    expect(failed(await Promise.all(asked))).toEqual([]);
  });
});

test("a model that has fallen asleep is wanted by nobody who asked before", async () => {
  expect((await answer(QWEN)).status).toBe(200);
  expect(Math.max(...(await gauge("wanted", QWEN)))).toBe(1);
  await proxies.stopReplica(QWEN, 0);
  await eventually("nobody to want it", 5, async () =>
    sum(await gauge("wanted", QWEN)) === 0 ? true : undefined,
  );
  expect((await answer(QWEN, 1)).status).toBe(503);
  expect(await gauge("wanted", QWEN)).toEqual([0, 1]);
});
