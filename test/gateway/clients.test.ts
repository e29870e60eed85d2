/** What clients do to the gateway that nobody asked them to do, on a LiteLLM process with the rendered configuration. */
import { request } from "node:http";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { eventually } from "../support/cluster";
import { parsed } from "../support/config";
import { LLAMA } from "../support/models";
import { Proxies } from "../support/proxies";

describe("a proxy with one replica of a model, whose answers take minutes,", () => {
  let proxies: Proxies;

  beforeAll(async () => {
    proxies = await Proxies.start({
      config: parsed({
        models: { [LLAMA]: { autoscaling: { maxReplicas: 1 } } },
        // Longer than the answers: what ends them is the client.
        gateway: { routing: { requestTimeoutSeconds: 600 } },
      }),
      count: 1,
      replicas: { [LLAMA]: 1 },
      // The health checks ask for one token alone, which comes at once.
      pace: { timeToFirstTokenMs: 10, interTokenMs: 2000 },
    });
  });
  afterAll(() => proxies.close());

  /** Sequences in the replica's batch. */
  const running = async () => {
    const { address } = proxies.replica(LLAMA, 0);
    const text = await (await fetch(`http://${address}:8000/metrics`)).text();
    return Number(/^vllm:num_requests_running\S* (\d+)/m.exec(text)?.[1]);
  };

  /** Begins to ask for an answer of minutes. @returns how the client leaves */
  function begin(stream: boolean): () => void {
    const body = { model: `vllm/${LLAMA}`, stream, max_tokens: 200 };
    const asking = request(`${proxies.url(0)}/v1/chat/completions`, {
      method: "POST",
      agent: false,
      headers: { authorization: `Bearer ${proxies.key}`, "content-type": "application/json" },
    });
    // It ends in "socket hang up": that is the client's own doing.
    asking.on("error", () => undefined);
    asking.end(JSON.stringify({ ...body, messages: [{ role: "user", content: "count to 200" }] }));
    return () => asking.destroy();
  }

  test.each([
    ["an answer in one piece", false],
    ["a stream", true],
  ])("frees the places of clients that leave before %s is complete", async (_what, stream) => {
    const slots = parsed().models[LLAMA]?.shape.maxSequences ?? NaN;
    const leave = Array.from({ length: slots }, () => begin(stream));
    await eventually("the batch to be full", 30, async () =>
      (await running()) === slots ? true : undefined,
    );
    for (const client of leave) {
      client();
    }
    // Each answer would keep its place for almost seven minutes.
    await eventually("the batch to be empty", 60, async () =>
      (await running()) === 0 ? true : undefined,
    );
  });

  test.each(["/openapi.json", "/docs", "/redoc"])(
    "does not describe its API at %s to anybody",
    async (path) => {
      const response = await fetch(`${proxies.url(0)}${path}`);
      expect(response.status).toBe(404);
    },
  );
});
