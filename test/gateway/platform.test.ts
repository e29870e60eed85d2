import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { workloads } from "../../operations/stack/platformState";
import { arrivals, spike } from "../../operations/load/profile";
import { runLoad } from "../../operations/load/run";
import { summarize } from "../../operations/load/statistics";
import { requestsByReplica } from "../../operations/watch/replicaRequests";
import { failed, idOf } from "../support/client";
import { eventually } from "../support/cluster";
import { addressOf, GatewayPlatform } from "../support/gateway";
import { LLAMA, QWEN } from "../support/models";

let gateway: GatewayPlatform;

beforeAll(async () => {
  gateway = await GatewayPlatform.start({
    // Quick to grow and to shrink again.
    autoscaling: {
      maxReplicas: 3,
      cpuUtilization: 20,
      scaleUp: { stabilizationWindowSeconds: 0 },
      scaleDown: { stabilizationWindowSeconds: 5 },
    },
  });
});
afterAll(() => gateway.close());

describe("the gateway on the embedded platform", () => {
  test.each([LLAMA, QWEN])("completes with %s, whole and streamed", async (model) => {
    const whole = await gateway.ask(model);
    expect(whole).toMatchObject({
      status: 200,
      text: expect.stringContaining("simulated 1 2") as string,
    });
    const streamed = await gateway.ask(model, { stream: true, max_tokens: 3 });
    expect(streamed.text.match(/^data: \{/gm)?.length).toBeGreaterThanOrEqual(3);
    expect(streamed.text).toContain("data: [DONE]");
  });

  test("refuses a request without its key", async () => {
    expect((await fetch(`${gateway.url}/v1/models`)).status).toBe(401);
  });

  test("spreads requests over the replicas", async () => {
    const answers = await gateway.askMany(60, 6, LLAMA);
    expect(failed(answers)).toEqual([]);
    for (const ordinal of [0, 1]) {
      const share = answers.filter(({ replica }) => replica === `${LLAMA}-${ordinal}`).length;
      expect(share).toBeGreaterThan(15);
    }
  });

  test("answers a repeated request from the cache, whichever gateway was asked first", async () => {
    const prompt = `repeated ${process.pid}`;
    const [first, second] = (await gateway.podsOf("litellm", "litellm")).map(addressOf);
    expect(second).toBeDefined();
    const asked = await gateway.ask(LLAMA, { prompt, host: first ?? "" });
    expect(asked).toMatchObject({ status: 200, cacheKey: null });
    const repeated = await gateway.ask(LLAMA, { prompt, host: second ?? "" });
    expect(repeated.cacheKey).not.toBeNull();
    expect(idOf(repeated)).toBe(idOf(asked));
  });

  test("is measured: the metrics API shows what the processes use", async () => {
    const [pod] = await gateway.podsOf("litellm", "litellm");
    const memory = pod?.metadata?.annotations?.["kwok.x-k8s.io/usage-memory"];
    expect(Number(memory?.replace("Mi", ""))).toBeGreaterThan(100);
  });

  test("grows under load by a process that takes its part, and shrinks without a lost request", async () => {
    // The burst of an earlier test may have made it grow already.
    const before = await eventually("two gateway pods", 120, async () => {
      const pods = await gateway.podsOf("litellm", "litellm");
      return pods.length === 2 ? new Set(pods.map(({ metadata }) => metadata?.uid)) : undefined;
    });
    let byNewPods = 0;
    const run = await runLoad(
      {
        target: gateway.target(LLAMA),
        arrivals: arrivals(spike(1, 130, { rate: 14, start: 2, seconds: 60 }), {
          promptTokens: 8,
          outputTokens: 8,
        }),
        mostInFlight: 500,
        observe: async () => {
          for (const pod of await gateway.podsOf("litellm", "litellm")) {
            if (!before.has(pod.metadata?.uid)) {
              const counts = requestsByReplica(await gateway.metricsOf(pod));
              byNewPods = Math.max(
                byNewPods,
                [...counts.values()].reduce((sum, count) => sum + count, 0),
              );
            }
          }
          return workloads(gateway.platform.config, ["litellm"]);
        },
        observeSeconds: 2,
        signal: new AbortController().signal,
      },
      () => undefined,
    );
    const pods = run.observations.map(
      ({ workloads: seen }) => seen.find(({ name }) => name === "litellm")?.ready ?? 0,
    );
    expect(Math.max(...pods)).toBe(3);
    // How much, is a matter of how soon it has started.
    expect(byNewPods).toBeGreaterThan(0);
    expect(pods.at(-1)).toBe(2);
    expect(summarize(run.outcomes, run.seconds).errors).toEqual({});
  });
});
