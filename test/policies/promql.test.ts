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
    ["of the lowest", "bottomk(1, queue_length)"],
    ["of any", "limitk(1, queue_length)"],
    ["of the highest three of one", "topk(3, sum(queue_length))"],
    ["without a label of one that has none", "sum without (pod) (sum(queue_length))"],
    ["of a share of one", "limit_ratio(0.5, sum(queue_length))"],
    ["of two sums, either of which may be there", "sum(a) or sum(b)"],
    ["of sums and numbers, either of which may be there", "(sum(a) + 1) or ceil(sum(b)) or 0"],
    ["unless a condition holds", "sum(queue_length) unless on() (hour() > 8)"],
    ["grouped, of one", "sum by (pod) (sum(queue_length))"],
    ["by labels that two matchers fix", 'sum by (a) (x{a="1"} / y{a="1"})'],
    ["whether there is any", "absent(queue_length)"],
    ["of the time", "time()"],
    ["negative", "-sum(queue_length)"],
    ["at a time", "sum(queue_length @ 1609746000)"],
    ["at the end", "sum(queue_length @ end())"],
    ["some time ago", "sum(queue_length offset -5m)"],
    ["joined", "sum(a) / on(x) group_left(y) sum(b)"],
    ["joined without labels to take", "sum(a) * ignoring(x) group_right sum(b)"],
    ["in a quoted metric", 'sum({"queue.length"})'],
    ["of a histogram over all", "histogram_quantile(0.95, sum(rate(latency_bucket[5m])) by (le))"],
    ["of a share of a histogram", "histogram_fraction(0, 0.2, sum(rate(latency[5m])))"],
    ["of numbers alone", "scalar(a) * time() + pi()"],
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
    ["of the lowest three", "bottomk(3, queue_length)"],
    ["of any three", "limitk(3, queue_length)"],
    ["by a metric with a label that all pods have", 'queue_length{namespace="shop", app="web"}'],
    ["where a matcher excludes some", 'queue_length{queue!="orders", pod!~"a.*"}'],
    ["named by a label", '{__name__="queue_length"}'],
    ["named in quotes", '{"queue_length", namespace="shop"}'],
    ["with another metric as a fallback", "sum(a) or queue_length"],
    ["where a condition holds", "queue_length and on() (hour() > 8)"],
    ["unless a condition holds", "queue_length unless on(pod) broken"],
    ["beside a single number", "queue_length * scalar(sum(x))"],
    ["beside a sum of numbers", "queue_length * (1 + time())"],
    ["grouped by a label that one matcher of two fixes", 'sum by (a) (x{a="1"} / y)'],
    ["of a histogram without its groups", "histogram_quantile(0.9, rate(latency[5m]))"],
    ["at a time", "queue_length @ start()"],
    ["by the clock's zone", "queue_length offset 1h"],
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
    ["of all whose name matches", '{__name__=~"queue.*"}'],
    ["an instance that is named", 'vllm:num_requests_waiting{instance="model-0:8000"}'],
    ["of each value", 'count_values("value", queue_length)'],
    ["of the highest in each group", "topk by (pod) (1, queue_length)"],
    ["of the highest without a label", "topk without (pod) (1, queue_length)"],
    ["of as many as another query says", "topk(scalar(n), queue_length)"],
    ["of the highest three of a recording rule", "topk(3, job:queue_length:sum)"],
    ["of a share", "limit_ratio(0.5, queue_length)"],
    ["grouped by what all pods have", "sum by (namespace) (queue_length)"],
    ["of a product with a group", "sum(a) * queue_length"],
    ["of a product with a recording rule", "job:a:sum * 2"],
    ["of the highest, and a fallback", "topk(1, queue_length) or vector(0)"],
    ["of the lowest without labels to match", "sum(a) or sum without (pod) (sum(b))"],
    ["grouped, with a fallback", 'sum by (a) (x{a="1"}) or vector(0)'],
    ["of nothing", "sum()"],
    ["of a histogram of nothing", "histogram_quantile(0.9, sum by (le) ())"],
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

test.each([
  ...["sum(", "{{ .query }}", "sum(${metric})", "a b", "sum(x))", "", "€", "sum(x y)", "sum($x)"],
  ...[
    "sum by pod (x)",
    "sum by (1) (x)",
    "x[5m",
    "x{1}",
    "x{a=",
    "x @ end(",
    "(x",
    "x{a=1}",
    "rate($__i)",
  ],
])("what is no query is not judged: %s", (text) => {
  expect(seriesOf(text)).toBe("unread");
});
