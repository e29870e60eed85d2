import type { Objects } from "../resources/objects";
import { quantity } from "../resources/quantities";
import type { KubernetesObject } from "../resources/resource";
import { at, items, UNKNOWN, type Value } from "../resources/values";
import { containersOf, type Container } from "../resources/workloads";
import type { Autoscaler } from "./autoscaler";
import type { Request } from "./metrics";
import { podsOf } from "./pods";
import { triggersOf } from "./triggers";

/** Gauges of vLLM between 0 and 1. */
const SHARES = /\b(?:gpu|kv)_cache_usage_perc\b/;
const RUNNING = /\bnum_requests_running\b/;
const WAITING = /\bnum_requests_waiting\b/;

/** Targets of an autoscaler that its signals cannot rise above. */
export function ceilingProblems(
  autoscaler: Autoscaler,
  target: KubernetesObject | undefined,
  objects: Objects,
): string[] {
  const containers = runningContainers(target, objects);
  const shares = autoscaler.needs.flatMap((need) =>
    need.state === "request" ? shareProblem(need.request, containers) : [],
  );
  return [
    ...shares,
    ...signalsOf(autoscaler).flatMap((signal) => signalProblem(signal, containers)),
  ];
}

/** The containers that run, undefined while one of them is unknown. */
function runningContainers(
  target: KubernetesObject | undefined,
  objects: Objects,
): readonly Container[] | undefined {
  const pods = target === undefined ? undefined : podsOf(target, objects);
  if (pods?.state !== "known" || pods.spec === UNKNOWN) {
    return undefined;
  }
  const { known, unknown } = containersOf(pods.spec);
  const pod = at(pods.spec, "resources");
  return unknown.length > 0 || pod !== undefined
    ? undefined
    : known.filter(({ init, sidecar }) => !init || sidecar !== false);
}

/** Use ends at the limits: of the requests that is at most limits / requests. */
function shareProblem(
  { resource, container, percent }: Request,
  containers: readonly Container[] | undefined,
): string[] {
  const judged = containers?.filter(({ name }) => container === undefined || name === container);
  if (percent === undefined || judged === undefined || judged.length === 0) {
    return [];
  }
  const limits = judged.map(({ spec }) => quantity(at(spec, "resources", "limits", resource)));
  const requests = judged.map(({ spec }, index) => {
    const request = at(spec, "resources", "requests", resource);
    return request === undefined || request === null ? limits[index] : quantity(request);
  });
  const most = (100 * sum(limits)) / sum(requests);
  return Number.isFinite(most) && Math.round(most) < percent
    ? [
        `adds a pod above ${percent} % of the ${resource} request, but the limits end use at ${Math.round(most)} %; lower the target, or raise the limit`,
      ]
    : [];
}

/** NaN where one of them is not known. */
function sum(values: readonly (number | undefined)[]): number {
  return values.reduce<number>((total, value) => total + (value ?? NaN), 0);
}

/** A metric by what it is called or computed from, with its target for one pod. */
interface Signal {
  readonly what: string;
  readonly text: string;
  readonly average: number;
}

function signalsOf(autoscaler: Autoscaler): Signal[] {
  const spec = at(autoscaler.object.props, "spec");
  if (autoscaler.source === "keda") {
    return isComputed(spec) ? [] : triggersOf(spec).flatMap(triggerSignal);
  }
  const metrics = at(spec, "metrics");
  return items(metrics).flatMap((metric, index) => {
    const source = at(metric, "pods") ?? at(metric, "external");
    const name = at(source, "metric", "name") ?? at(source, "metricName");
    const average = quantity(
      at(source, "target", "averageValue") ?? at(source, "targetAverageValue"),
    );
    return typeof name === "string" && average !== undefined
      ? [{ what: `spec.metrics[${index}]`, text: name, average }]
      : [];
  });
}

/** With a formula the target stands beside it, and triggers are only its terms. */
function isComputed(spec: Value): boolean {
  return at(spec, "advanced", "scalingModifiers", "formula") !== undefined;
}

function triggerSignal({ trigger, what }: { trigger: Value; what: string }): Signal[] {
  const metadata = at(trigger, "metadata");
  const text = at(metadata, "query") ?? at(metadata, "valueLocation");
  const threshold = at(metadata, "threshold") ?? at(metadata, "targetValue");
  const average = quantity(threshold);
  const metricType = at(trigger, "metricType") ?? "AverageValue";
  return typeof text === "string" && average !== undefined && metricType === "AverageValue"
    ? [{ what, text, average }]
    : [];
}

function signalProblem(
  { what, text, average }: Signal,
  containers: readonly Container[] | undefined,
): string[] {
  if (SHARES.test(text) && !/[*/+]/.test(text) && average > 1) {
    return [
      `${what} has the target ${average}, but the signal is a share between 0 and 1; write a target below 1`,
    ];
  }
  const slots = RUNNING.test(text) && !WAITING.test(text) ? slotsOf(containers) : undefined;
  return slots !== undefined && average > slots
    ? [
        `${what} has the target ${average} running requests a pod, but a pod runs ${slots} at most (--max-num-seqs); count waiting requests too, or lower the target`,
      ]
    : [];
}

/** How many requests a vLLM server runs at once, as far as its arguments say. */
function slotsOf(containers: readonly Container[] | undefined): number | undefined {
  for (const { spec } of containers ?? []) {
    const lists: readonly Value[] = [at(spec, "command"), at(spec, "args")];
    const words = lists
      .flatMap((list) => items(list))
      .flatMap((word) => (typeof word === "string" ? word.split(/[\s=]+/) : []));
    const place = words.findIndex((word) => /^--max[-_]num[-_]seqs$/.test(word));
    const slots = place < 0 ? NaN : Number(words[place + 1]);
    if (Number.isInteger(slots)) {
      return slots;
    }
  }
  return undefined;
}
