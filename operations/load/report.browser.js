// Draws a load's data in the page, with page.browser.js before it; runs in the browser only.
const { plan, summary, buckets, bucketSeconds, observations } = report;

document.querySelector("h1").textContent = `Load on ${plan.model}`;
document.getElementById("plan").textContent =
  `${plan.profile}${plan.streaming ? ", streamed" : ""}; ${plan.route}; ${report.startedAt}` +
  (report.interrupted ? "; interrupted" : "");

figure(
  `${summary.successPercent.toFixed(2)} %`,
  `of ${summary.requests} requests succeeded`,
  summary.failed > 0,
);
figure((summary.requests / report.seconds).toFixed(1), "requests/s");
for (const name of ["p50", "p95", "p99"])
  figure(seconds(summary.latencyMs?.[name]), `latency ${name}`);
if (plan.streaming) {
  figure(seconds(summary.firstTokenMs?.p50), "first token p50");
  figure(seconds(summary.firstTokenMs?.p99), "first token p99");
  figure(seconds(summary.interTokenMs?.p50), "between tokens p50");
}
figure(summary.tokensPerSecond.toFixed(0), "tokens/s");
figure(String(summary.fallbacks), "answered by a fallback");

const times = buckets.map(({ second }) => second);
plot("Requests", "per second", times, [
  { label: "sent", values: buckets.map(({ sent }) => sent / bucketSeconds) },
  { label: "failed", values: buckets.map(({ failed }) => failed / bucketSeconds) },
]);
const percentile = (metric) =>
  ["p50", "p95", "p99"].map((name) => ({
    label: name,
    values: buckets.map((bucket) => (bucket[metric] ? bucket[metric][name] / 1000 : null)),
  }));
plot("Latency, from the intended time of sending", "seconds", times, percentile("latencyMs"));
if (plan.streaming) {
  plot("Time to the first token", "seconds", times, percentile("firstTokenMs"));
}
const observed = observations.map(({ second }) => second);
const workloads = [
  ...new Set(observations.flatMap((entry) => entry.workloads.map(({ name }) => name))),
];
const of = (entry, name) => entry.workloads.find((workload) => workload.name === name);
plot(
  "Pods",
  "pods",
  observed,
  workloads.flatMap((name) => [
    { label: `${name} ready`, values: observations.map((entry) => of(entry, name)?.ready ?? null) },
    {
      label: `${name} wanted`,
      dash: [6, 4],
      values: observations.map((entry) => of(entry, name)?.wanted ?? null),
    },
  ]),
  true,
);
const metricLines = (wanted) =>
  workloads.flatMap((name) => {
    // A model that sleeps at first has no value, and no autoscaler's metrics before KEDA has looked at it.
    const metrics = new Map(
      observations.flatMap((entry) =>
        (of(entry, name)?.metrics ?? []).map((metric) => [metric.name, metric]),
      ),
    );
    return [...metrics.values()].filter(wanted).map((metric) => ({
      label: `${name} ${metric.name} (target ${metric.target})`,
      values: observations.map(
        (entry) =>
          of(entry, name)?.metrics.find((found) => found.name === metric.name)?.current ?? null,
      ),
    }));
  });
plot(
  "Autoscalers' metrics",
  "% of requests or slots",
  observed,
  metricLines(({ kind }) => kind === "utilization"),
  true,
);
const otherMetrics = metricLines(({ kind }) => kind !== "utilization");
if (otherMetrics.length > 0) {
  plot("Autoscalers' other metrics", "as the metric counts", observed, otherMetrics, true);
}
const replicas = Object.keys(summary.byReplica);
plot(
  "Answers by model replica",
  "per second",
  times,
  replicas.map((name) => ({
    label: name,
    values: buckets.map(({ byReplica }) => (byReplica[name] ?? 0) / bucketSeconds),
  })),
);

table(
  "Share by model replica",
  replicas.map((name) => [
    name,
    `${summary.byReplica[name]}`,
    `${((100 * summary.byReplica[name]) / Math.max(1, summary.succeeded)).toFixed(1)} %`,
  ]),
);
const range = ({ least, most }) => (least === most ? `${least}` : `${least}-${most}`);
table(
  "Replicas",
  report.workloads.map((workload) => [
    workload.name,
    `wanted ${range(workload.wanted)}`,
    `ready ${range(workload.ready)}`,
    `fewer than wanted for ${workload.shortSeconds.toFixed(0)} s`,
    workload.asleepSeconds > 0 ? `asleep for ${workload.asleepSeconds.toFixed(0)} s` : "",
    workload.wakingSeconds.length > 0
      ? `woke in ${workload.wakingSeconds.map((took) => `${took.toFixed(0)} s`).join(", ")}`
      : "",
  ]),
);
table(
  "Failures",
  Object.entries(summary.errors).map(([reason, count]) => [reason, String(count)]),
);
