// Draws the report's data in the page; runs in the browser only.
"use strict";

const report = JSON.parse(document.getElementById("data").textContent);
const { plan, summary, buckets, bucketSeconds, observations } = report;
const COLOURS = ["#1f6feb", "#d97706", "#b3261e", "#15803d", "#7c3aed", "#0e7490", "#be185d"];
const palette = (index) => COLOURS[index % COLOURS.length];
const element = (tag, text, parent, className) => {
  const made = document.createElement(tag);
  made.textContent = text;
  if (className) made.className = className;
  return parent.appendChild(made);
};
const seconds = (ms) => (ms === undefined ? "-" : `${(ms / 1000).toFixed(ms < 1000 ? 3 : 2)} s`);

document.querySelector("h1").textContent = `Load on ${plan.model}`;
document.getElementById("plan").textContent =
  `${plan.profile}${plan.streaming ? ", streamed" : ""}; ${plan.route}; ${report.startedAt}` +
  (report.interrupted ? "; interrupted" : "");

const figures = document.getElementById("figures");
const figure = (value, label, bad) => {
  const box = element("div", "", figures, bad ? "figure bad" : "figure");
  element("b", value, box);
  element("span", label, box);
};
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

function plot(title, unit, times, series, stepped) {
  if (series.length === 0 || times.length === 0) return;
  element("h2", title, document.getElementById("plots"));
  new uPlot(
    {
      width: Math.min(1080, document.body.clientWidth),
      height: 230,
      scales: {
        x: { time: false },
        y: { range: (_, __, high) => [0, Math.max(1e-3, high * 1.1)] },
      },
      axes: [{ label: "seconds" }, { label: unit, size: 70 }],
      series: [
        { label: "second" },
        ...series.map(({ label, dash }, index) => ({
          label,
          stroke: palette(index),
          width: 2,
          dash,
          spanGaps: true,
          paths: stepped ? uPlot.paths.stepped({ align: 1 }) : undefined,
          value: (_, value) => (value == null ? "-" : +value.toFixed(3)),
        })),
      ],
    },
    [times, ...series.map(({ values }) => values)],
    document.getElementById("plots"),
  );
}

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

const tables = document.getElementById("tables");
function table(title, rows) {
  if (rows.length === 0) return;
  element("h2", title, tables);
  const body = element("table", "", tables);
  for (const row of rows) {
    const line = element("tr", "", body);
    for (const cell of row) element("td", cell, line);
  }
}
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
