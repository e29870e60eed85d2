import { create } from "log-update";
import { metricText } from "../stack/metricState";
import type { WorkloadState } from "../stack/platformState";
import type { Range } from "./replicas";
import type { LoadReport } from "./report";
import type { LoadRun } from "./run";
import { percentiles, succeeded, type Percentiles } from "./statistics";
import { table } from "../stack/table";

/** Seconds between two lines where the output is no terminal, and between two counts of pods. */
const LINE_SECONDS = 10;
const COUNT_SECONDS = 30;
/** Latencies of the progress are those of so many last seconds. */
const WINDOW_SECONDS = 10;

/** Shows a run while it goes on, until the returned function is called. */
export function showProgress(run: LoadRun, total: number, stream: NodeJS.WriteStream): () => void {
  const live = stream.isTTY ? create(stream) : undefined;
  let lines = 0;
  let counts = 0;
  const show = () => {
    if (run.seconds >= counts * COUNT_SECONDS && run.observations.length > 0) {
      counts += 1;
      live?.clear();
      stream.write(`${clock(run.seconds)}  pods: ${podCounts(run)}\n`);
    }
    if (live !== undefined) {
      live(progressLine(run, total));
    } else if (run.seconds >= lines * LINE_SECONDS) {
      lines += 1;
      stream.write(`${progressLine(run, total)}\n`);
    }
  };
  const timer = setInterval(show, live === undefined ? 1000 : 500);
  return () => {
    clearInterval(timer);
    live?.clear();
    stream.write(`${progressLine(run, total)}\n${clock(run.seconds)}  pods: ${podCounts(run)}\n`);
  };
}

/** One line: time, requests, success, latencies of the last seconds, autoscalers. */
export function progressLine(run: LoadRun, total: number): string {
  const { outcomes } = run;
  const good = outcomes.filter(succeeded);
  const since = (run.seconds - WINDOW_SECONDS) * 1000;
  const recent = good.filter(({ atMs, totalMs }) => atMs + totalMs >= since);
  const latency = percentiles(recent.map(({ totalMs }) => totalMs));
  const first = percentiles(recent.flatMap(({ firstTokenMs }) => firstTokenMs ?? []));
  const percent = outcomes.length === 0 ? "-" : ((100 * good.length) / outcomes.length).toFixed(1);
  return [
    clock(run.seconds),
    `${outcomes.length + run.inFlight}/${total} sent`,
    `${run.inFlight} in flight`,
    `${percent} % ok`,
    `p50 ${seconds(latency?.p50)} p95 ${seconds(latency?.p95)}`,
    ...(first === undefined ? [] : [`first token p50 ${seconds(first.p50)}`]),
    ...(run.blind === undefined
      ? (run.observations.at(-1)?.workloads.map(workloadText) ?? [])
      : [`cluster: ${run.blind.split("\n")[0]}`]),
  ].join("  ");
}

/** What a run came to, as a table. */
export function summaryTable({ summary, plan, workloads, seconds: length }: LoadReport): string {
  const row = (name: string, values: Percentiles | undefined) =>
    values === undefined
      ? []
      : [[name, ...[values.p50, values.p95, values.p99, values.max].map(seconds)]];
  const rows = [
    ...row("latency", summary.latencyMs),
    ...row("first token", summary.firstTokenMs),
    ...row("between tokens", summary.interTokenMs),
  ];
  const shares = Object.entries(summary.byReplica).map(([name, count]) => `${name} ${count}`);
  return [
    `${plan.model}: ${summary.requests} requests in ${length.toFixed(0)} s, ${summary.succeeded} succeeded (${summary.successPercent.toFixed(2)} %), ${summary.fallbacks} by a fallback`,
    table(["", "p50", "p95", "p99", "max"], rows),
    ...(workloads.length === 0
      ? []
      : [
          table(
            ["Workload", "Wanted", "Ready", "Fewer than wanted", "Asleep", "Woke in"],
            workloads.map((each) => [
              each.name,
              rangeText(each.wanted),
              rangeText(each.ready),
              `${each.shortSeconds.toFixed(0)} s`,
              each.asleepSeconds > 0 ? `${each.asleepSeconds.toFixed(0)} s` : undefined,
              each.wakingSeconds.map((took) => `${took.toFixed(0)} s`).join(", ") || undefined,
            ]),
          ),
        ]),
    `by replica: ${shares.join(", ") || "the gateway does not say"}`,
    ...Object.entries(summary.errors).map(([reason, count]) => `failed ${count}: ${reason}`),
  ].join("\n");
}

function rangeText({ least, most }: Range): string {
  return least === most ? String(least) : `${least}-${most}`;
}

function podCounts(run: LoadRun): string {
  const last = run.observations.at(-1);
  return last === undefined
    ? `not known (${run.blind ?? "no answer yet"})`
    : last.workloads
        .map(
          ({ name, ready, wanted, phase }) =>
            `${name} ${ready} of ${wanted}${phase === undefined ? "" : ` (${phase})`}`,
        )
        .join(", ");
}

function workloadText({ name, ready, phase, metrics }: WorkloadState): string {
  const said = phase ?? metrics.slice(0, 1).map(metricText)[0];
  return `${name} ${ready}${said === undefined ? "" : ` (${said})`}`;
}

function clock(value: number): string {
  const whole = Math.floor(value);
  return `${String(Math.floor(whole / 60)).padStart(2, "0")}:${String(whole % 60).padStart(2, "0")}`;
}

function seconds(ms: number | undefined): string {
  return ms === undefined ? "-" : `${(ms / 1000).toFixed(ms < 1000 ? 3 : 2)} s`;
}
