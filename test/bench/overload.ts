/**
 * More requests than the replicas can serve, with admission and without it: two LiteLLM processes, one Redis, three replicas of four places
 * each. The table is that of docs/faults.md.
 *   node --require llm-gateway/typescript test/bench/overload.ts [seconds]
 */
import { setTimeout as sleep } from "node:timers/promises";
import { failureText } from "../../domain/failure";
import { ask, type Answer } from "../support/client";
import { eventually } from "../support/cluster";
import { parsed } from "../support/config";
import { LLAMA } from "../support/models";
import { Proxies } from "../support/proxies";
import { median, printTable } from "./report";

const REPLICAS = 3;
const PLACES = REPLICAS * (parsed().models[LLAMA]?.shape.maxSequences ?? NaN);
/** Of an answer that does not wait, seconds: 0.2 to its first token, 0.1 for each further one. */
const TOKENS = 49;
const ANSWER_SECONDS = 5;
/** Answers a second that the replicas can give. */
const CAPACITY = PLACES / ANSWER_SECONDS;
const SECONDS = Number(process.argv[2] ?? 180);

interface Scenario {
  readonly name: string;
  /** Times what the replicas can serve. */
  readonly load: number;
  readonly stream?: boolean;
  /** One of the replicas is so many times slower. */
  readonly slow?: number;
}

const SCENARIOS: readonly Scenario[] = [
  { name: "1.7 times the capacity", load: 1.7 },
  { name: "3 times the capacity", load: 3 },
  { name: "1.7 times, streams", load: 1.7, stream: true },
  { name: "1.7 times, one replica 3 times slower", load: 1.7, slow: 3 },
];

interface Asked {
  readonly answer: Answer | undefined;
  readonly seconds: number;
}

async function load(proxies: Proxies, scenario: Scenario): Promise<Asked[]> {
  const asked: Promise<Asked>[] = [];
  const begun = performance.now();
  const period = 1000 / (scenario.load * CAPACITY);
  for (let index = 0; index * period < SECONDS * 1000; index += 1) {
    await sleep(Math.max(0, begun + index * period - performance.now()));
    const at = performance.now();
    const body = { max_tokens: TOKENS, stream: scenario.stream ?? false };
    asked.push(
      ask(proxies.url(index % 2), proxies.key, LLAMA, body)
        .catch(() => undefined)
        .then((answer) => ({ answer, seconds: (performance.now() - at) / 1000 })),
    );
  }
  return Promise.all(asked);
}

/** Seconds until a request is answered at once again. */
async function recovery(proxies: Proxies): Promise<number> {
  const begun = performance.now();
  await eventually("every place to answer", 120, async () => {
    const answers = await Promise.all(
      Array.from({ length: PLACES }, (_, index) =>
        ask(proxies.url(index % 2), proxies.key, LLAMA, { max_tokens: 1 }),
      ),
    );
    return answers.every(({ status }) => status === 200) ? true : undefined;
  });
  return (performance.now() - begun) / 1000;
}

async function measure(scenario: Scenario, enabled: boolean): Promise<string[]> {
  const proxies = await Proxies.start({
    config: parsed({
      models: { [LLAMA]: { autoscaling: { minReplicas: REPLICAS, maxReplicas: REPLICAS } } },
      gateway: {
        cache: { enabled: false },
        // Room for four answers, as the default of 120 s has for a real model.
        routing: {
          requestTimeoutSeconds: 4 * ANSWER_SECONDS,
          healthCheckIntervalSeconds: 10,
          admission: { enabled },
        },
      },
    }),
    replicas: { [LLAMA]: REPLICAS },
    pace: { timeToFirstTokenMs: 200, interTokenMs: 100 },
  });
  try {
    const { slow } = scenario;
    if (slow !== undefined) {
      await proxies.setFault(LLAMA, 0, { kind: "slow", factor: slow });
    }
    const received = () =>
      Array.from({ length: REPLICAS }, (_, ordinal) => proxies.replica(LLAMA, ordinal))
        .flatMap((replica) => replica.received)
        .filter(({ body }) => new RegExp(`"max_tokens": ?${TOKENS}\\b`).test(body)).length;
    const begun = performance.now();
    const asked = await load(proxies, scenario);
    // With the seconds in which the first answers were on their way, and those of the last in the queue.
    const elapsed = (performance.now() - begun) / 1000;
    const good = asked.filter(({ answer }) => answer?.status === 200);
    const waits = good.map(({ seconds }) => seconds).sort((left, right) => left - right);
    const possible =
      slow === undefined ? CAPACITY : (CAPACITY * (REPLICAS - 1 + 1 / slow)) / REPLICAS;
    const share = good.length / (possible * elapsed);
    const busy = asked.filter(({ answer }) => answer?.status === 429).length;
    return [
      scenario.name,
      enabled ? "on" : "off",
      `${good.length} of ${asked.length}`,
      `${Math.round(share * 100)} %`,
      String(busy),
      String(asked.length - good.length - busy),
      median(waits).toFixed(1),
      (waits[Math.floor(waits.length * 0.99)] ?? NaN).toFixed(1),
      (received() / good.length).toFixed(2),
      (await recovery(proxies)).toFixed(1),
    ];
  } finally {
    await proxies.close();
  }
}

async function main(): Promise<void> {
  const rows: string[][] = [];
  for (const scenario of SCENARIOS) {
    for (const enabled of [false, true]) {
      process.stderr.write(`${scenario.name}, admission ${enabled ? "on" : "off"}\n`);
      rows.push(await measure(scenario, enabled));
    }
  }
  printTable(
    [
      "Asked for",
      "Admission",
      "Answered",
      "Of what can be",
      "429",
      "Failed",
      "p50 s",
      "p99 s",
      "Upstream per answer",
      "Normal after s",
    ],
    rows,
  );
}

main().catch((error: unknown) => {
  console.error(failureText(error));
  process.exitCode = 1;
});
