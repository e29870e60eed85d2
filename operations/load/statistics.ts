import { quantileSorted } from "simple-statistics";
import type { Outcome } from "./request";

/** Percentiles of some milliseconds; undefined where nothing was measured. */
export interface Percentiles {
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly max: number;
}

export interface Summary {
  readonly requests: number;
  readonly succeeded: number;
  readonly failed: number;
  /** Answers by a fallback model. */
  readonly fallbacks: number;
  /** Share of requests that succeeded, percent. */
  readonly successPercent: number;
  /** From the intended time of sending to the end of the answer, of successes, ms. */
  readonly latencyMs?: Percentiles;
  readonly firstTokenMs?: Percentiles;
  readonly interTokenMs?: Percentiles;
  /** Generated tokens per second over the whole run. */
  readonly tokensPerSecond: number;
  /** Successes by the routing entry that answered. */
  readonly byReplica: Readonly<Record<string, number>>;
  /** Failures by reason. */
  readonly errors: Readonly<Record<string, number>>;
}

/** Some seconds of the load. */
export interface Bucket {
  /** Seconds from the start of the load to the start of the bucket. */
  readonly second: number;
  readonly sent: number;
  readonly failed: number;
  readonly latencyMs?: Percentiles;
  readonly firstTokenMs?: Percentiles;
  readonly byReplica: Readonly<Record<string, number>>;
}

export function percentiles(values: readonly number[]): Percentiles | undefined {
  if (values.length === 0) {
    return undefined;
  }
  const sorted = [...values].sort((left, right) => left - right);
  const at = (share: number) => quantileSorted(sorted, share);
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99), max: at(1) };
}

/** @param seconds how long the load ran */
export function summarize(outcomes: readonly Outcome[], seconds: number): Summary {
  const good = outcomes.filter(succeeded);
  const bad = outcomes.filter((outcome) => !succeeded(outcome));
  const tokens = outcomes.reduce((sum, outcome) => sum + outcome.tokens, 0);
  return {
    requests: outcomes.length,
    succeeded: good.length,
    failed: bad.length,
    fallbacks: good.filter(({ fallback }) => fallback).length,
    successPercent: outcomes.length === 0 ? 0 : (100 * good.length) / outcomes.length,
    ...latencies(good),
    ...optional(
      "interTokenMs",
      good.flatMap(({ interTokenMs }) => interTokenMs ?? []),
    ),
    tokensPerSecond: seconds > 0 ? tokens / seconds : 0,
    byReplica: countBy(good.flatMap(({ replica }) => replica ?? [])),
    errors: countBy(bad.map(({ error }) => error ?? "unknown")),
  };
}

/** The run in stretches of `bucketSeconds`, by the intended time of sending. */
export function buckets(
  outcomes: readonly Outcome[],
  seconds: number,
  bucketSeconds: number,
): Bucket[] {
  const count = Math.max(1, Math.ceil(seconds / bucketSeconds));
  const groups = Array.from({ length: count }, (): Outcome[] => []);
  for (const outcome of outcomes) {
    const index = Math.min(count - 1, Math.floor(outcome.atMs / 1000 / bucketSeconds));
    groups[index]?.push(outcome);
  }
  return groups.map((group, index) => {
    const good = group.filter(succeeded);
    return {
      second: index * bucketSeconds,
      sent: group.length,
      failed: group.length - good.length,
      ...latencies(good),
      byReplica: countBy(good.flatMap(({ replica }) => replica ?? [])),
    };
  });
}

export function succeeded({ error }: Outcome): boolean {
  return error === undefined;
}

function latencies(good: readonly Outcome[]) {
  return {
    ...optional(
      "latencyMs",
      good.map(({ totalMs }) => totalMs),
    ),
    ...optional(
      "firstTokenMs",
      good.flatMap(({ firstTokenMs }) => firstTokenMs ?? []),
    ),
  };
}

function optional<Name extends string>(
  name: Name,
  values: readonly number[],
): Partial<Record<Name, Percentiles>> {
  const found = percentiles(values);
  const result: Partial<Record<Name, Percentiles>> = {};
  if (found !== undefined) {
    result[name] = found;
  }
  return result;
}

function countBy(names: readonly string[]): Record<string, number> {
  const counts = new Map<string, number>();
  for (const name of names) {
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return Object.fromEntries([...counts].sort(([left], [right]) => left.localeCompare(right)));
}
