/**
 * What each part of the rendered configuration costs a LiteLLM process: requests per CPU second without that part, as a ratio of those with
 * all of them. One process after the other, the whole configuration first and last: how much two runs of the same differ.
 *   node --require llm-gateway/typescript test/bench/gatewayParts.ts
 */
import type { ProxyConfig } from "../../components/litellm/proxyConfig";
import { failureText } from "../../domain/failure";
import { parsed } from "../support/config";
import { LLAMA, QWEN } from "../support/models";
import { Proxies } from "../support/proxies";
import { closedLoop, perCpuSecond } from "./load";
import { median, printTable } from "./report";

const CLIENTS = 16;
const SECONDS = 8;
const ROUNDS = 3;

type Rewrite = (config: ProxyConfig) => unknown;

const withoutCallback =
  (prefix: string): Rewrite =>
  (config) => ({
    ...config,
    litellm_settings: {
      ...config.litellm_settings,
      callbacks: config.litellm_settings.callbacks.filter((name) => !name.startsWith(prefix)),
    },
  });

const PARTS: readonly (readonly [name: string, rewrite: Rewrite])[] = [
  ["nothing", (config) => config],
  [
    "response cache",
    (config) => ({
      ...config,
      litellm_settings: { ...config.litellm_settings, cache: false, cache_params: undefined },
    }),
  ],
  ["prometheus", withoutCallback("prometheus")],
  ["admission", withoutCallback("admission")],
  ["cache scope", withoutCallback("cache_scope")],
  ["fallback context", withoutCallback("fallback_context")],
  [
    "coordination's own client: the cache's instead",
    ({ general_settings: { coordination_redis: _, ...general }, ...config }) => ({
      ...config,
      general_settings: general,
    }),
  ],
  [
    "health checks",
    ({ general_settings: general, ...config }) => ({
      ...config,
      general_settings: {
        ...general,
        background_health_checks: false,
        enable_health_check_routing: false,
        use_shared_health_check: false,
      },
    }),
  ],
  [
    "pre-call checks",
    (config) => ({
      ...config,
      router_settings: { ...config.router_settings, enable_pre_call_checks: false },
    }),
  ],
  [
    "cancel on disconnect",
    (config) => ({
      ...config,
      general_settings: { ...config.general_settings, cancel_on_disconnect: false },
    }),
  ],
  [
    "simple-shuffle: least-busy instead",
    (config) => ({
      ...config,
      router_settings: { ...config.router_settings, routing_strategy: "least-busy" },
    }),
  ],
  ["nothing", (config) => config],
];

async function main(): Promise<void> {
  const only = process.argv.slice(2);
  const rows: string[][] = [];
  let whole = NaN;
  for (const [name, rewrite] of PARTS.filter(
    ([part], index) => index === 0 || only.length === 0 || only.includes(part),
  )) {
    const proxies = await Proxies.start({
      config: parsed(),
      count: 1,
      replicas: { [LLAMA]: 2, [QWEN]: 1 },
      rewrite,
      checked: name !== "health checks",
    });
    try {
      const endpoint = { url: proxies.url(0), key: proxies.key, model: `vllm/${LLAMA}` };
      await closedLoop(endpoint, CLIENTS, 4);
      const perCpu: number[] = [];
      let failed = 0;
      for (let round = 0; round < ROUNDS; round += 1) {
        const found = await perCpuSecond(endpoint, {
          pid: proxies.pidOf(0),
          clients: CLIENTS,
          seconds: SECONDS,
        });
        failed += found.outcomes.filter(({ error }) => error !== undefined).length;
        perCpu.push(found.perCpu);
      }
      const found = median(perCpu);
      whole = Number.isNaN(whole) ? found : whole;
      rows.push([name, found.toFixed(1), (found / whole).toFixed(2), String(failed)]);
      process.stderr.write(`${rows.at(-1)?.join("  ") ?? ""}\n`);
    } finally {
      await proxies.close();
    }
  }
  printTable(["Without", "Requests per CPU second", "Ratio", "Failed"], rows);
}

main().catch((error: unknown) => {
  console.error(failureText(error));
  process.exitCode = 1;
});
