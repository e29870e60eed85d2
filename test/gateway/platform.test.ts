import type { CoreV1Api } from "@kubernetes/client-node";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { eventually, type TestPlatform } from "../support/cluster";
import { failed, idOf, type Answer } from "../support/client";
import { addressOf, GatewayPlatform } from "../support/gateway";
import { LLAMA, QWEN } from "../support/models";

let gateway: GatewayPlatform;
let platform: TestPlatform;
let core: CoreV1Api;

beforeAll(async () => {
  gateway = await GatewayPlatform.start();
  ({ platform, core } = gateway);
});
afterAll(() => gateway.close());
afterEach(() => gateway.calm());

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
    const url = `http://${platform.environment.loadBalancerAddress}:4000/v1/models`;
    expect((await fetch(url)).status).toBe(401);
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
    const gateways = (await gateway.podsOf("litellm", "litellm")).map(addressOf);
    expect(gateways).toHaveLength(2);
    const [first, second] = gateways;
    const asked = await gateway.ask(LLAMA, { prompt, host: first ?? "" });
    expect(asked).toMatchObject({ status: 200, cacheKey: null });
    const repeated = await gateway.ask(LLAMA, { prompt, host: second ?? "" });
    expect(repeated.cacheKey).not.toBeNull();
    expect(idOf(repeated)).toBe(idOf(asked));
  });

  test("hides a replica that answers 500: every request is answered by another", async () => {
    await gateway.setFault(LLAMA, { kind: "error" }, 0);
    const answers = await gateway.askMany(30, 3, LLAMA);
    expect(failed(answers)).toEqual([]);
    // Until the cool-down starts, a request may use up its retries on the failing replica and go to the fallback.
    const by = (name: string) => answers.filter(({ replica }) => replica === name).length;
    expect(by(`${LLAMA}-0`)).toBe(0);
    expect(by(`${LLAMA}-1`)).toBeGreaterThan(20);
  });

  test("falls back from Llama to Qwen when every replica fails", async () => {
    await gateway.setFault(LLAMA, { kind: "error" });
    const answers = await gateway.askMany(6, 2, LLAMA);
    expect(failed(answers)).toEqual([]);
    expect(new Set(answers.map(({ replica }) => replica))).toEqual(new Set([`${QWEN}-0`]));
  });

  test("does not fall back from Qwen, for which none is configured", async () => {
    await gateway.setFault(QWEN, { kind: "error" });
    expect((await gateway.ask(QWEN)).status).toBeGreaterThanOrEqual(500);
  });

  test("refuses a prompt that no model has room for, with a clear error", async () => {
    const answer = await gateway.ask(QWEN, { prompt: "word ".repeat(20_000) });
    expect(answer.status).toBe(400);
    expect(answer.text).toMatch(/context/i);
  });

  test("loses no request when a gateway pod is deleted under load", async () => {
    const [victim] = await gateway.podsOf("litellm", "litellm");
    const name = victim?.metadata?.name ?? "";
    let stop = false;
    const answers: Answer[] = [];
    const load = Promise.all(
      Array.from({ length: 3 }, async () => {
        while (!stop) {
          answers.push(await gateway.ask(LLAMA));
        }
      }),
    );
    await core.deleteNamespacedPod({ name, namespace: "litellm" });
    await eventually(`${name} to be gone, and another in its place`, 120, async () => {
      const { items } = await core.listNamespacedPod({ namespace: "litellm" });
      const gone = items.every(({ metadata }) => metadata?.name !== name);
      return gone && (await gateway.podsOf("litellm", "litellm")).length >= 2 ? true : undefined;
    });
    stop = true;
    await load;
    expect(answers.length).toBeGreaterThan(50);
    expect(failed(answers)).toEqual([]);
  });

  test("is measured: the metrics API shows what the processes use", async () => {
    const [pod] = await gateway.podsOf("litellm", "litellm");
    const memory = pod?.metadata?.annotations?.["kwok.x-k8s.io/usage-memory"];
    expect(Number(memory?.replace("Mi", ""))).toBeGreaterThan(100);
  });
});
