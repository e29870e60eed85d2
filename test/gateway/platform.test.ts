import { request, type IncomingHttpHeaders } from "node:http";
import {
  AppsV1Api,
  CoreV1Api,
  PatchStrategy,
  setHeaderOptions,
  type V1Pod,
} from "@kubernetes/client-node";
import execa from "execa";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { kubeconfigOf, REPOSITORY } from "../../local/environment";
import { loopbackOf } from "../../local/kubelet/addresses";
import { isReady } from "../../local/kubelet/podStatus";
import { waitForMetrics } from "../../local/report";
import { FAULT_PATH, type Fault } from "../../local/simulator/faults";
import { eventually, localConfig, startPlatform, type TestPlatform } from "../support/cluster";
import { LLAMA, QWEN } from "../support/models";

let platform: TestPlatform;
let core: CoreV1Api;
let key: string;

beforeAll(async () => {
  platform = await startPlatform(
    (environment) => ({
      ...localConfig(environment),
      "llm-gateway:models": {
        [LLAMA]: { autoscaling: { minReplicas: 2, maxReplicas: 2 } },
        [QWEN]: { autoscaling: { maxReplicas: 1 } },
      },
      "llm-gateway:gateway": { routing: { healthCheckIntervalSeconds: 5, cooldownSeconds: 5 } },
    }),
    { processes: true },
  );
  core = platform.config.makeApiClient(CoreV1Api);
  await platform.configure();
  await platform.stack.up(platform.checked);
  const secret = await core.readNamespacedSecret({ name: "litellm", namespace: "litellm" });
  key = Buffer.from(secret.data?.LITELLM_MASTER_KEY ?? "", "base64").toString("utf8");
  await eventually("two gateways and two Llama replicas", 180, async () => {
    const [gateways, replicas] = [await podsOf("litellm", "litellm"), await podsOf("vllm", LLAMA)];
    return gateways.length === 2 && replicas.length === 2 ? true : undefined;
  });
});
afterAll(() => platform.close());
afterEach(async () => {
  for (const model of [LLAMA, QWEN]) {
    await setFault(model, { kind: "none" });
  }
  // The next test must not meet a replica that still cools down.
  await new Promise((resolve) => setTimeout(resolve, 6000));
});

/** The ready pods of a workload that are not on their way out. */
async function podsOf(namespace: string, name: string): Promise<V1Pod[]> {
  const labelSelector = `app.kubernetes.io/name=${name}`;
  const { items } = await core.listNamespacedPod({ namespace, labelSelector });
  return items.filter((pod) => isReady(pod) && pod.metadata?.deletionTimestamp === undefined);
}

function addressOf(pod: V1Pod): string {
  return loopbackOf(pod.status?.podIP ?? "");
}

/** Sets the same fault on every replica of a model, or on the one with the given ordinal. */
async function setFault(model: string, fault: Fault, ordinal?: number): Promise<void> {
  const wanted = ordinal === undefined ? undefined : `${model}-${ordinal}`;
  for (const pod of await podsOf("vllm", model)) {
    if (wanted === undefined || pod.metadata?.name === wanted) {
      const response = await fetch(`http://${addressOf(pod)}:8000${FAULT_PATH}`, {
        method: "PUT",
        body: JSON.stringify(fault),
      });
      expect(response.status).toBe(200);
    }
  }
}

let prompts = 0;

interface Answer {
  readonly status: number;
  readonly text: string;
  /** The entry of the routing that answered, `<model>-<ordinal>`. */
  readonly replica: string | null;
  readonly cacheKey: string | null;
}

/** Asks through the load balancer, with a prompt of its own unless one is given. */
async function ask(
  model: string,
  {
    prompt = `prompt ${(prompts += 1)} of ${process.pid}`,
    host = platform.environment.loadBalancerAddress,
    ...body
  }: { prompt?: string; host?: string; stream?: boolean; max_tokens?: number } = {},
): Promise<Answer> {
  const { status, headers, text } = await post(
    `http://${host}:4000/v1/chat/completions`,
    JSON.stringify({
      model: `vllm/${model}`,
      messages: [{ role: "user", content: prompt }],
      ...body,
    }),
  );
  return {
    status,
    text,
    replica: textOf(headers["x-litellm-model-id"]),
    cacheKey: textOf(headers["x-litellm-cache-key"]),
  };
}

const textOf = (header: string | string[] | undefined) => [header ?? null].flat()[0] ?? null;

/** A request on a connection of its own, so that the load balancer may choose each time. */
function post(
  url: string,
  body: string,
): Promise<{ status: number; headers: IncomingHttpHeaders; text: string }> {
  return new Promise((resolve, reject) => {
    const headers = { authorization: `Bearer ${key}`, "content-type": "application/json" };
    request(url, { method: "POST", headers, agent: false }, (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (part: string) => (text += part));
      response.on("end", () => {
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text });
      });
      response.on("error", reject);
    })
      .on("error", reject)
      .end(body);
  });
}

/** Many requests with so many at a time. */
async function askMany(count: number, atATime: number, model: string): Promise<Answer[]> {
  const answers: Answer[] = [];
  let left = count;
  const worker = async () => {
    while (left > 0) {
      left -= 1;
      answers.push(await ask(model));
    }
  };
  await Promise.all(Array.from({ length: atATime }, worker));
  return answers;
}

const failed = (answers: readonly Answer[]) => answers.filter(({ status }) => status !== 200);

describe("the gateway on the embedded platform", () => {
  test.each([LLAMA, QWEN])("completes with %s, whole and streamed", async (model) => {
    const whole = await ask(model);
    expect(whole).toMatchObject({
      status: 200,
      text: expect.stringContaining("simulated 1 2") as string,
    });
    const streamed = await ask(model, { stream: true, max_tokens: 3 });
    expect(streamed.text.match(/^data: \{/gm)?.length).toBeGreaterThanOrEqual(3);
    expect(streamed.text).toContain("data: [DONE]");
  });

  test("refuses a request without its key", async () => {
    const url = `http://${platform.environment.loadBalancerAddress}:4000/v1/models`;
    expect((await fetch(url)).status).toBe(401);
  });

  test("spreads requests over the replicas", async () => {
    const answers = await askMany(60, 6, LLAMA);
    expect(failed(answers)).toEqual([]);
    for (const ordinal of [0, 1]) {
      const share = answers.filter(({ replica }) => replica === `${LLAMA}-${ordinal}`).length;
      expect(share).toBeGreaterThan(15);
    }
  });

  test("answers a repeated request from the cache, whichever gateway was asked first", async () => {
    const prompt = `repeated ${process.pid}`;
    const gateways = (await podsOf("litellm", "litellm")).map(addressOf);
    expect(gateways).toHaveLength(2);
    const [first, second] = gateways;
    const asked = await ask(LLAMA, { prompt, host: first ?? "" });
    expect(asked).toMatchObject({ status: 200, cacheKey: null });
    const repeated = await ask(LLAMA, { prompt, host: second ?? "" });
    expect(repeated.cacheKey).not.toBeNull();
    expect(idOf(repeated)).toBe(idOf(asked));
  });

  test("hides a replica that answers 500: every request is answered by another", async () => {
    await setFault(LLAMA, { kind: "error" }, 0);
    const answers = await askMany(30, 3, LLAMA);
    expect(failed(answers)).toEqual([]);
    // Until the cool-down starts, a request may use up its retries on the failing replica and go to the fallback.
    const by = (name: string) => answers.filter(({ replica }) => replica === name).length;
    expect(by(`${LLAMA}-0`)).toBe(0);
    expect(by(`${LLAMA}-1`)).toBeGreaterThan(20);
  });

  test("falls back from Llama to Qwen when every replica fails", async () => {
    await setFault(LLAMA, { kind: "error" });
    const answers = await askMany(6, 2, LLAMA);
    expect(failed(answers)).toEqual([]);
    expect(new Set(answers.map(({ replica }) => replica))).toEqual(new Set([`${QWEN}-0`]));
  });

  test("does not fall back from Qwen, for which none is configured", async () => {
    await setFault(QWEN, { kind: "error" });
    expect((await ask(QWEN)).status).toBeGreaterThanOrEqual(500);
  });

  test("refuses a prompt that no model has room for, with a clear error", async () => {
    const answer = await ask(QWEN, { prompt: "word ".repeat(20_000) });
    expect(answer.status).toBe(400);
    expect(answer.text).toMatch(/context/i);
  });

  test("loses no request when a gateway pod is deleted under load", async () => {
    const [victim] = await podsOf("litellm", "litellm");
    const name = victim?.metadata?.name ?? "";
    let stop = false;
    const answers: Answer[] = [];
    const load = Promise.all(
      Array.from({ length: 3 }, async () => {
        while (!stop) {
          answers.push(await ask(LLAMA));
        }
      }),
    );
    await core.deleteNamespacedPod({ name, namespace: "litellm" });
    await eventually(`${name} to be gone, and another in its place`, 120, async () => {
      const { items } = await core.listNamespacedPod({ namespace: "litellm" });
      const gone = items.every(({ metadata }) => metadata?.name !== name);
      return gone && (await podsOf("litellm", "litellm")).length >= 2 ? true : undefined;
    });
    stop = true;
    await load;
    expect(answers.length).toBeGreaterThan(50);
    expect(failed(answers)).toEqual([]);
  });

  test("is measured: the metrics API shows what the processes use", async () => {
    const [pod] = await podsOf("litellm", "litellm");
    const memory = pod?.metadata?.annotations?.["kwok.x-k8s.io/usage-memory"];
    expect(Number(memory?.replace("Mi", ""))).toBeGreaterThan(100);
  });
});

describe("operations verify", () => {
  test("passes every check of a healthy stack", async () => {
    await waitForMetrics(platform.config);
    const { exitCode, results } = await verifyStack();
    expect(results.filter(({ status }) => status !== "pass")).toEqual([]);
    expect(results.length).toBeGreaterThan(8);
    expect(exitCode).toBe(0);
  });

  test("names a model whose replicas fail, though its fallback hides it from clients", async () => {
    await setFault(LLAMA, { kind: "error" });
    const { exitCode, results } = await verifyStack();
    expect(exitCode).toBe(1);
    expect(results).toContainEqual(
      expect.objectContaining({
        check: "Every model completes",
        status: "fail",
        seen: `vllm/${LLAMA} was answered by its fallback ${QWEN}-0`,
      }),
    );
  });

  test("names a cache that is away, with what to look at, while completions go on", async () => {
    const scale = (replicas: number) =>
      platform.config
        .makeApiClient(AppsV1Api)
        .patchNamespacedStatefulSetScale(
          { name: "litellm-redis-master", namespace: "litellm", body: { spec: { replicas } } },
          setHeaderOptions("Content-Type", PatchStrategy.MergePatch),
        );
    const redisPods = async () => (await podsOf("litellm", "litellm-redis-master")).length;
    await scale(0);
    await eventually("Redis to be gone", 60, async () =>
      (await redisPods()) === 0 ? true : undefined,
    );
    const { results } = await verifyStack();
    await scale(1);
    await eventually("Redis to be back", 60, async () =>
      (await redisPods()) === 1 ? true : undefined,
    );
    const failing = results.filter(({ status }) => status === "fail");
    expect(failing.map(({ check }) => check)).toEqual(
      expect.arrayContaining(["Every Service has an endpoint", "Redis is reachable"]),
    );
    const completion = results.find(({ check }) => check === "Every model completes");
    expect(completion?.status).toBe("pass");
    expect(failing[0]?.seen).toBe("litellm/litellm-redis-master has no ready endpoint");
  });
});

const verifyResults = z.array(
  z.object({ check: z.string(), status: z.enum(["pass", "fail"]), seen: z.string() }),
);

async function verifyStack() {
  const { stdout, stderr, exitCode } = await execa(
    process.execPath,
    [
      "--require",
      "sucrase/register/ts",
      "operations/cli.ts",
      "verify",
      "--json",
      "--kubeconfig",
      kubeconfigOf(platform.environment),
    ],
    { cwd: REPOSITORY, reject: false },
  );
  expect(stderr).toBe("");
  return { exitCode, results: verifyResults.parse(JSON.parse(stdout)) };
}

function idOf({ text }: Answer): unknown {
  const parsed: unknown = JSON.parse(text);
  return typeof parsed === "object" && parsed !== null && "id" in parsed ? parsed.id : undefined;
}
