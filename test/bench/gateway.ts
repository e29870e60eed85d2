/**
 * One LiteLLM process with the rendered configuration next to one with a tutorial's: one entry per model at its Service, no
 * Redis, no cache, no health routing, default time-outs. The same load on both in turn; ratios are what counts.
 *   node --require llm-gateway/typescript test/bench/gateway.ts
 */
import type { ProxyConfig } from "../../components/litellm/proxyConfig";
import { failureText } from "../../domain/failure";
import { percentiles } from "../../operations/load/statistics";
import type { Outcome } from "../../operations/load/request";
import { parsed } from "../support/config";
import { LLAMA, QWEN } from "../support/models";
import { MODEL_KEY, Proxies } from "../support/proxies";
import { openLoop, perCpuSecond, type Endpoint } from "./load";
import { median, printTable } from "./report";
import { VLLM_PORT } from "../../domain/names";

const ROUNDS = 3;
const CLIENTS = 16;
const CLOSED_SECONDS = 10;
const RATE = 8;
const OPEN_SECONDS = 15;

interface Measured {
  readonly perCore: number[];
  readonly latencies: number[];
  failures: number;
}

const empty = (): Measured => ({ perCore: [], latencies: [], failures: 0 });

function tutorial(config: ProxyConfig): unknown {
  const [first, other] = [LLAMA, QWEN].map((model) =>
    config.model_list.find(({ model_info: info }) => info.id === `${model}-0`),
  );
  const entry = (deployment: typeof first, model: string) => ({
    model_name: deployment?.model_name,
    litellm_params: {
      ...deployment?.litellm_params,
      api_base: `http://${model}.vllm.svc:${VLLM_PORT}/v1`,
    },
  });
  return {
    model_list: [entry(first, LLAMA), entry(other, QWEN)],
    general_settings: { master_key: config.general_settings.master_key },
  };
}

async function main(): Promise<void> {
  const config = parsed();
  const common = { config, count: 1, replicas: { [LLAMA]: 2, [QWEN]: 1 } };
  const network = 1 + (process.pid % 200);
  const ours = await Proxies.start({ ...common, network });
  const plain = await Proxies.start({
    ...common,
    network: network + 1,
    rewrite: tutorial,
    checked: false,
  }).catch(async (error: unknown) => {
    await ours.close();
    throw error;
  });
  try {
    const subjects = [
      { name: "rendered", proxies: ours },
      { name: "tutorial", proxies: plain },
    ].map(({ name, proxies }) => ({
      name,
      pid: proxies.pidOf(0),
      endpoint: { url: proxies.url(0), key: proxies.key, model: `vllm/${LLAMA}` },
      measured: empty(),
    }));
    const direct: Endpoint = {
      url: `http://${ours.replica(LLAMA, 0).address}:${VLLM_PORT}`,
      key: MODEL_KEY,
      model: LLAMA,
    };
    const base: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      process.stderr.write(`gateway: round ${round + 1} of ${ROUNDS}\n`);
      base.push(...(await openLoop(direct, RATE, OPEN_SECONDS)).map(({ totalMs }) => totalMs));
      for (const { endpoint, pid, measured } of subjects) {
        const note = (outcomes: readonly Outcome[]) => {
          measured.failures += outcomes.filter(({ error }) => error !== undefined).length;
        };
        const open = await openLoop(endpoint, RATE, OPEN_SECONDS);
        note(open);
        measured.latencies.push(...open.map(({ totalMs }) => totalMs));
        const closed = await perCpuSecond(endpoint, {
          pid,
          clients: CLIENTS,
          seconds: CLOSED_SECONDS,
        });
        note(closed.outcomes);
        measured.perCore.push(closed.perCpu);
      }
    }
    const without = percentiles(base);
    const figures = subjects.map(({ name, measured }) => {
      const found = percentiles(measured.latencies);
      const added = (at: "p50" | "p95" | "p99") =>
        (found?.[at] ?? Number.NaN) - (without?.[at] ?? Number.NaN);
      return {
        name,
        failures: measured.failures,
        values: [median(measured.perCore), added("p50"), added("p95"), added("p99")],
      };
    });
    const [first, second] = figures;
    printTable(
      ["LiteLLM with", "Requests per CPU second", "Added p50 ms", "p95 ms", "p99 ms", "Failed"],
      [
        ...figures.map(({ name, values, failures }) => [
          `${name} configuration`,
          ...values.map((value) => value.toFixed(1)),
          String(failures),
        ]),
        [
          "ratio",
          ...(first?.values ?? []).map((value, index) =>
            (value / (second?.values[index] ?? Number.NaN)).toFixed(2),
          ),
          "",
        ],
      ],
    );
  } finally {
    await ours.close();
    await plain.close();
  }
}

main().catch((error: unknown) => {
  console.error(failureText(error));
  process.exitCode = 1;
});
