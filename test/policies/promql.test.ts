/** How many series a Prometheus query returns, as far as its text tells: KEDA takes one. */
import { describe, expect, test } from "vitest";
import { seriesOf } from "../../policies/autoscaling/promql";
import { bare, kept, query, scaled } from "./corpus/builders/keda";
import { violations } from "./support";

describe("one series", () => {
  test.each([
    ["an aggregation over all", "sum(queue_length)"],
    ["with by () of nothing", "sum by () (queue_length)"],
    ["compared", "sum(queue_length) > 5"],
    ["compared with bool", "sum(queue_length) > bool 5"],
    ["compared from the left", "5 < sum(queue_length)"],
    ["with a fallback", "sum(rate(http_requests_total[1m])) or vector(0)"],
    ["with a fallback in brackets", "(sum(queue_length) or on() vector(0))"],
    ["of a ratio", "sum(rate(errors[5m])) / sum(rate(requests[5m])) * 100"],
    ["of a histogram", "histogram_quantile(0.95, sum by (le) (rate(latency_bucket[5m])))"],
    ["over a subquery", "max_over_time(sum(queue_length)[5m:1m])"],
    ["over a subquery without step", "avg_over_time(sum(rate(x[1m]))[10m:] offset 5m)"],
    ["of the highest", "topk(1, queue_length)"],
    ["of a label that the matcher gives one value", 'sum by (queue) (length{queue="orders"})'],
    ["of a scalar", "scalar(queue_length)"],
    ["of a number", "1.5e3"],
    ["of functions around", "ceil(clamp_min(sum(queue_length), 1))"],
    ["beside a condition", "sum(queue_length) and on() (hour() > 8)"],
    ["with a comment", "sum(queue_length) # by (pod)"],
  ])("%s: %s", (_what, text) => {
    expect(seriesOf(text)).toBe("one");
  });
});

describe("one series for each pod", () => {
  test.each([
    ["a metric", "queue_length"],
    ["vLLM's metric, whose colon is part of a name", "vllm:num_requests_waiting"],
    ["vLLM's metric of a model", 'vllm:num_requests_waiting{model_name="qwen"}'],
    ["of a workload", 'rate(http_requests_total{app="web"}[1m])'],
    ["of some pods", 'queue_length{pod=~"web-.*"}'],
    ["grouped", "sum by (pod) (queue_length)"],
    ["grouped behind", "sum(queue_length) by (pod)"],
    ["grouped and compared", "sum(queue_length) by (pod) > 5"],
    ["compared", "queue_length > 5"],
    ["with a fallback", "queue_length or vector(0)"],
    ["over a subquery", "max_over_time(rate(requests[1m])[5m:1m])"],
    ["of a ratio", "rate(errors[5m]) / rate(requests[5m])"],
    ["of the highest three", "topk(3, queue_length)"],
    ["of histograms", "histogram_quantile(0.95, sum by (le, pod) (rate(latency_bucket[5m])))"],
    ["by a function of numbers", "round(queue_length, 0.1) * 2"],
  ])("%s: %s", (_what, text) => {
    expect(seriesOf(text)).toBe("many");
  });
});

describe("perhaps more than one", () => {
  test.each([
    ["a recording rule", "job:queue_length:sum"],
    ["a recording rule with a fallback", "job:queue_length:sum or vector(0)"],
    ["a label that may pin one series", 'rabbitmq_queue_messages{queue="orders"}'],
    ["a pod that is named", 'vllm:num_requests_waiting{pod="model-0"}'],
    ["without some labels", "sum without (pod) (queue_length)"],
    ["of all metrics of an instance", '{instance="db:9187"}'],
  ])("%s: %s", (_what, text) => {
    expect(seriesOf(text)).toBe("perhaps");
  });

  test("is advice, never a refusal", async () => {
    const stack = [bare, scaled({ triggers: [query('messages{queue="orders"}')] }), kept];
    const found = await violations(stack);
    expect(found["autoscaler-metrics"]).toBeUndefined();
    expect(found["autoscaler-undecided"]).toEqual([
      "ScaledObject shop/web: spec.triggers[0].metadata.query may return more than one series, and KEDA takes a single one only; aggregate it, as in sum(...)",
    ]);
  });
});

test.each(["sum(", "{{ .query }}", "sum(${metric})", "a b", "sum(x))", "", "€"])(
  "what is no query is not judged: %s",
  (text) => {
    expect(seriesOf(text)).toBe("unread");
  },
);
