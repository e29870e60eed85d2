import { Counter, Gauge, Histogram, Registry } from "prom-client";
import type { Batch } from "./batch";

/** The metrics of vLLM that autoscaling and dashboards read, by vLLM's names. */
export function simulatorMetrics(model: string, slots: number, batch: Batch) {
  const registry = new Registry();
  registry.setDefaultLabels({ model_name: model });
  const registers = [registry];
  const gauge = (name: string, help: string, value: () => number) =>
    new Gauge({
      name,
      help,
      registers,
      collect() {
        this.set(value());
      },
    });
  gauge("vllm:num_requests_running", "Sequences in the batch", () => batch.counts.running);
  gauge("vllm:num_requests_waiting", "Sequences in the queue", () => batch.counts.waiting);
  gauge(
    "vllm:kv_cache_usage_perc",
    "Part of the KV cache in use",
    () => batch.counts.running / slots,
  );
  const counter = (name: string, help: string, labelNames: string[] = []) =>
    new Counter({ name, help, labelNames, registers });
  const histogram = (name: string, help: string, buckets: number[]) =>
    new Histogram({ name, help, buckets, registers });
  return {
    registry,
    promptTokens: counter("vllm:prompt_tokens_total", "Prompt tokens"),
    generatedTokens: counter("vllm:generation_tokens_total", "Generated tokens"),
    finished: counter("vllm:request_success_total", "Finished requests", ["finished_reason"]),
    firstToken: histogram(
      "vllm:time_to_first_token_seconds",
      "Time to the first token",
      [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
    ),
    interToken: histogram(
      "vllm:inter_token_latency_seconds",
      "Time between two tokens of a sequence",
      [0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 1],
    ),
    latency: histogram(
      "vllm:e2e_request_latency_seconds",
      "Time to the last token",
      [0.1, 0.5, 1, 2.5, 5, 10, 30, 60],
    ),
  };
}
