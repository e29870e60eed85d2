/**
 * The routing strategies, and admission, under the same load and the same harm: two LiteLLM processes, one Redis, three replicas. The table
 * is that of docs/routing.md.
 *   node --require llm-gateway/typescript test/bench/routing.ts
 */
import { setTimeout as sleep } from "node:timers/promises";
import { failureText } from "../../domain/failure";
import type { Outcome } from "../../operations/load/request";
import { summarize } from "../../operations/load/statistics";
import { many } from "../support/client";
import { parsed } from "../support/config";
import { LLAMA } from "../support/models";
import { Proxies } from "../support/proxies";
import { openLoop } from "./load";
import { printTable } from "./report";
import { ROUTING_STRATEGIES } from "../../domain/routing";

/** Requests per second on each of the two proxies. */
const RATE = 5;
const SECONDS = 20;
const REPLICAS = 3;

type Harm = (proxies: Proxies) => Promise<() => Promise<void>>;

const nothing: Harm = () => Promise.resolve(() => Promise.resolve());

/** What happens while the load runs; last what leaves Redis shunned for a while. */
const SCENARIOS: readonly (readonly [string, Harm])[] = [
  ["three equal replicas", nothing],
  [
    "one 10 times slower",
    async (proxies) => {
      await proxies.setFault(LLAMA, 0, { kind: "slow", factor: 10 });
      return () => proxies.setFault(LLAMA, 0, { kind: "none" });
    },
  ],
  [
    "all three near their limit",
    async (proxies) => {
      // A fault that all have is a slower model: ten requests a second then take five sixths of what three replicas can do.
      const all = (fault: Parameters<Proxies["setFault"]>[2]) =>
        Promise.all([0, 1, 2].map((ordinal) => proxies.setFault(LLAMA, ordinal, fault)));
      await all({ kind: "slow", factor: 10 });
      return async () => {
        await all({ kind: "none" });
      };
    },
  ],
  [
    "half of all requests cached",
    (proxies) => {
      const done = new AbortController();
      const prompt = "one that everybody asks";
      const hits = [0, 1].map(async (proxy) => {
        while (!done.signal.aborted) {
          await proxies.ask(LLAMA, { prompt }, proxy);
          await sleep(1000 / RATE);
        }
      });
      return Promise.resolve(async () => {
        done.abort();
        await Promise.all(hits);
      });
    },
  ],
  [
    "just after one answered 500 for a while",
    async (proxies) => {
      await proxies.setFault(LLAMA, 0, { kind: "error" });
      await many(40, 8, () => proxies.ask(LLAMA));
      await proxies.setFault(LLAMA, 0, { kind: "none" });
      // Its cool-down and its failed checks are over by then.
      await sleep(12_000);
      await proxies.settled();
      return () => Promise.resolve();
    },
  ],
  [
    "Redis frozen",
    (proxies) => {
      process.kill(proxies.redisPid, "SIGSTOP");
      return Promise.resolve(() => {
        process.kill(proxies.redisPid, "SIGCONT");
        return Promise.resolve();
      });
    },
  ],
];

/** What chooses a replica: a strategy of LiteLLM alone, or the admission with what the gateway sets beside it. */
const CHOICES: readonly {
  readonly name: string;
  readonly routing: Readonly<Record<string, unknown>>;
}[] = [
  ...ROUTING_STRATEGIES.map((strategy) => ({
    name: strategy,
    routing: { strategy, admission: { enabled: false } },
  })),
  { name: "admission", routing: {} },
];

async function measure({ name: choice, routing }: (typeof CHOICES)[number]): Promise<string[][]> {
  const proxies = await Proxies.start({
    config: parsed({
      models: { [LLAMA]: { autoscaling: { minReplicas: REPLICAS, maxReplicas: REPLICAS } } },
      gateway: {
        routing: {
          ...routing,
          healthCheckIntervalSeconds: 5,
          cooldownSeconds: 5,
        },
      },
    }),
    replicas: { [LLAMA]: REPLICAS },
  });
  try {
    const rows: string[][] = [];
    for (const [name, harm] of SCENARIOS) {
      process.stderr.write(`${choice}: ${name}\n`);
      const heal = await harm(proxies);
      const loads = await Promise.all(
        [0, 1].map((proxy) =>
          openLoop(
            { url: proxies.url(proxy), key: proxies.key, model: `vllm/${LLAMA}` },
            RATE,
            SECONDS,
          ),
        ),
      );
      await heal();
      rows.push([name, choice, ...figures(loads.flat())]);
      await proxies.settled();
    }
    return rows;
  } finally {
    await proxies.close();
  }
}

function figures(outcomes: readonly Outcome[]): string[] {
  const { failed, byReplica, latencyMs } = summarize(outcomes, SECONDS);
  const share = Array.from(
    { length: REPLICAS },
    (_, ordinal) => byReplica[`${LLAMA}-${ordinal}`] ?? 0,
  );
  const seconds = (ms: number | undefined) => ((ms ?? Number.NaN) / 1000).toFixed(2);
  return [
    share.join(" / "),
    seconds(latencyMs?.p50),
    seconds(latencyMs?.p95),
    seconds(latencyMs?.p99),
    String(failed),
  ];
}

async function main(): Promise<void> {
  const rows: string[][] = [];
  for (const choice of CHOICES) {
    rows.push(...(await measure(choice)));
  }
  printTable(
    ["While", "By", "Requests by replica", "p50 s", "p95 s", "p99 s", "Failed"],
    SCENARIOS.flatMap(([name]) => rows.filter(([scenario]) => scenario === name)),
  );
}

main().catch((error: unknown) => {
  console.error(failureText(error));
  process.exitCode = 1;
});
