/**
 * Faults under a steady open-loop load: no request may fail where a healthy replica or a fallback exists. The table that it
 * prints is the one of docs/faults.md.
 */
import { AppsV1Api, PatchStrategy, setHeaderOptions, type V1Pod } from "@kubernetes/client-node";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { paceFrom } from "../../local/simulator/pace";
import { arrivals, constant } from "../../operations/load/profile";
import type { Outcome } from "../../operations/load/request";
import { runLoad, type LoadRun } from "../../operations/load/run";
import { summarize, type Summary } from "../../operations/load/statistics";
import { eventually } from "../support/cluster";
import { FaultTable } from "../support/faultTable";
import { GatewayPlatform, processOf } from "../support/gateway";
import { LLAMA, QWEN } from "../support/models";

const RATE = 6;
const SECONDS = 20;
/** Seconds of load before the fault. */
const BEFORE = 3;

/** Of a stream that outlives its pods; less than `requestTimeoutSeconds` apart. */
const TOKEN_SECONDS = 0.5;
/** Five minutes: longer than the roll, and the drain of those that are replaced. */
const STREAM_TOKENS = 600;

let gateway: GatewayPlatform;
const table = new FaultTable();

beforeAll(async () => {
  gateway = await GatewayPlatform.start({ routing: { requestTimeoutSeconds: 4 } });
  await gateway.calm();
});
afterAll(async () => {
  console.log(table.toString());
  await gateway.close();
});
afterEach(async () => {
  await gateway.calm();
  await gateway.ready();
});

/** Load through the load balancer while `inject` does its harm. */
async function under(name: string, inject: (busiest: number) => Promise<void>): Promise<Summary> {
  let running: LoadRun | undefined;
  const load = runLoad(
    {
      target: gateway.target(LLAMA),
      arrivals: arrivals(constant(RATE, SECONDS), { promptTokens: 8, outputTokens: 8 }),
      mostInFlight: 500,
      observe: () => Promise.resolve([]),
      observeSeconds: SECONDS,
      signal: new AbortController().signal,
    },
    (run) => {
      running = run;
    },
  );
  await new Promise((resolve) => setTimeout(resolve, BEFORE * 1000));
  await inject(busiestOf(running?.outcomes ?? []));
  const run = await load;
  const summary = summarize(run.outcomes, run.seconds);
  table.add(name, summary);
  return summary;
}

/** Ordinal of the replica that answered most: a fault of one that is idle would show nothing. */
function busiestOf(outcomes: readonly Outcome[]): number {
  const answers = (ordinal: number) =>
    outcomes.filter(({ replica }) => replica === `${LLAMA}-${ordinal}`).length;
  return answers(0) >= answers(1) ? 0 : 1;
}

const kill = async (namespace: string, name: string, signal: NodeJS.Signals, ordinal = 0) => {
  const pod = (await gateway.podsOf(namespace, name)).sort(byName)[ordinal];
  const pid = await processOf(pod);
  process.kill(pid, signal);
  return pid;
};

const killReplica = async (ordinal: number): Promise<void> => {
  await kill("vllm", LLAMA, "SIGKILL", ordinal);
};

const killRedis = async (): Promise<void> => {
  await kill("litellm", "litellm-redis-master", "SIGKILL");
};

const gatewayPods = async () =>
  new Set((await gateway.podsOf("litellm", "litellm")).map(({ metadata }) => metadata?.uid));

/** As `kubectl rollout restart`. */
async function restartGateway(): Promise<void> {
  const annotations = { "kubectl.kubernetes.io/restartedAt": new Date().toISOString() };
  await gateway.platform.config.makeApiClient(AppsV1Api).patchNamespacedDeployment(
    {
      name: "litellm",
      namespace: "litellm",
      body: { spec: { template: { metadata: { annotations } } } },
    },
    setHeaderOptions("Content-Type", PatchStrategy.MergePatch),
  );
}

/** Waits until new pods have taken the place of those that were there; these may be busy yet. */
async function rolled(before: ReadonlySet<string | undefined>): Promise<void> {
  await eventually("the roll to end", 180, async () => {
    const pods = await gatewayPods();
    return pods.size >= 2 && [...pods].every((uid) => !before.has(uid)) ? true : undefined;
  });
}

const byName = (left: V1Pod, right: V1Pod) =>
  (left.metadata?.name ?? "").localeCompare(right.metadata?.name ?? "");

describe("a client of the gateway sees no failure", () => {
  // Before Redis is killed: LiteLLM's circuit breaker, open for a minute then, would hide what a frozen one costs.
  test("Redis frozen", async () => {
    let pid = 0;
    const summary = await under("Redis frozen", async () => {
      pid = await kill("litellm", "litellm-redis-master", "SIGSTOP");
    }).finally(() => process.kill(pid, "SIGCONT"));
    expect(summary.errors).toEqual({});
  });

  test.each<[string, (busiest: number) => Promise<void>]>([
    ["nothing", () => Promise.resolve()],
    ["one model replica killed", (busiest) => killReplica(busiest)],
    ["one model replica hangs", (busiest) => gateway.setFault(LLAMA, { kind: "hang" }, busiest)],
    [
      "one model replica 10 times slower",
      (busiest) => gateway.setFault(LLAMA, { kind: "slow", factor: 10 }, busiest),
    ],
    [
      "one model replica answers 500",
      (busiest) => gateway.setFault(LLAMA, { kind: "error" }, busiest),
    ],
    ["every replica of the model answers 500", () => gateway.setFault(LLAMA, { kind: "error" })],
    ["every replica of the model hangs", () => gateway.setFault(LLAMA, { kind: "hang" })],
    ["Redis killed", () => killRedis()],
  ])("%s", async (name, inject) => {
    const { requests, errors } = await under(name, inject);
    expect(errors).toEqual({});
    expect(requests).toBe(RATE * SECONDS);
  });

  test("one gateway pod deleted, as a scale-down does", async () => {
    const [pod] = await gateway.podsOf("litellm", "litellm");
    const summary = await under("one gateway pod deleted", async () => {
      await gateway.core.deleteNamespacedPod({
        name: pod?.metadata?.name ?? "",
        namespace: "litellm",
      });
    });
    expect(summary.errors).toEqual({});
  });

  test("rolling restart of the gateway", async () => {
    const before = await gatewayPods();
    const summary = await under("rolling restart of the gateway", restartGateway);
    expect(summary.errors).toEqual({});
    await rolled(before);
  });

  test("a stream that outlives the pods that bring it: a roll of the gateway, and the end of its replica", async () => {
    await gateway.setFault(LLAMA, {
      kind: "slow",
      factor: (1000 * TOKEN_SECONDS) / paceFrom({}).interTokenMs,
    });
    const before = await gatewayPods();
    const response = await fetch(`${gateway.url}/v1/chat/completions`, {
      method: "POST",
      headers: { authorization: `Bearer ${gateway.key}`, "content-type": "application/json" },
      body: JSON.stringify({
        ...{ model: `vllm/${LLAMA}`, stream: true, max_tokens: STREAM_TOKENS },
        messages: [{ role: "user", content: "a long story" }],
      }),
    });
    let ended = false;
    const story = response.text().finally(() => {
      ended = true;
    });
    // Those that answer next are as fast as ever.
    const replica = response.headers.get("x-litellm-model-id") ?? "";
    await restartGateway();
    await gateway.core.deleteNamespacedPod({ name: replica, namespace: "vllm" });
    await rolled(before);
    expect(ended).toBe(false);
    const chunks = (await story).split("\n").filter((line) => line.startsWith("data: {"));
    expect(chunks.filter((line) => /"content":"[^"]/.test(line)).length).toBe(STREAM_TOKENS);
    expect(await story).toContain("data: [DONE]");
    // Its replica comes back now that it has ended.
    await gateway.ready();
  });
});

describe("a client of the gateway sees nothing but", () => {
  test("the requests that a killed gateway pod had in hand", async () => {
    const summary = await under("one gateway pod killed", async () => {
      await kill("litellm", "litellm", "SIGKILL");
    });
    // Until its readiness is noticed, the load balancer may also choose it for new ones.
    expect(summary.failed).toBeLessThan(RATE * 3);
    expect(Object.keys(summary.errors).filter((reason) => reason.startsWith("HTTP"))).toEqual([]);
  });

  test("an error from a model without fallback whose every replica fails", async () => {
    await gateway.setFault(QWEN, { kind: "error" });
    expect((await gateway.ask(QWEN)).status).toBeGreaterThanOrEqual(500);
  });
});
