import type { Objects } from "../resources/objects";
import { quantity } from "../resources/quantities";
import type { KubernetesObject } from "../resources/resource";
import { at, items, UNKNOWN, type Value } from "../resources/values";
import { containersOf, type Container } from "../resources/workloads";
import { behaviorOf, type Autoscaler } from "./autoscaler";
import type { Request } from "./metrics";
import { podsOf } from "./pods";
import { triggersOf } from "./triggers";

/** Gauges of vLLM between 0 and 1. */
const SHARES = /\b(?:gpu|kv)_cache_usage_perc\b/;
/** What makes another figure of a gauge than a mean, a sum over pods or an extreme. */
const COMPUTED =
  /[*/+]|\b(?:count|count_values|rate|irate|increase|deriv|delta|idelta|changes|\w+_over_time)\b|\bbool\b/;
/** Of these over time a gauge keeps its bounds. */
const BOUNDED = /\b(?:avg|min|max|last|quantile)_over_time\b/g;
const RUNNING = /\bnum_requests_running\b/;
const WAITING = /\bnum_requests_waiting\b/;

/**
 * Targets of an autoscaler that its signals cannot rise above by more than the tolerance, within which the controller leaves the
 * replicas as they are.
 * @param tolerance that of the cluster's controller, as a share of the target
 */
export function ceilingProblems(
  autoscaler: Autoscaler,
  target: KubernetesObject | undefined,
  objects: Objects,
  tolerance: number,
): string[] {
  const containers = runningContainers(target, objects);
  const own = toleranceOf(autoscaler, tolerance);
  const shares = autoscaler.needs.flatMap((need) =>
    need.state === "request" ? shareProblem(need.request, containers, own) : [],
  );
  return [
    ...shares,
    ...signalsOf(autoscaler).flatMap((signal) => signalProblem(signal, containers, own)),
  ];
}

/** The autoscaler's own tolerance upwards before the cluster's; none where it is unknown, which accuses least. */
function toleranceOf(autoscaler: Autoscaler, cluster: number): number {
  const own = at(behaviorOf(autoscaler), "scaleUp", "tolerance");
  return own === undefined || own === null ? cluster : (quantity(own) ?? 0);
}

/** Whether the controller ever sees the highest value above the target; the calculator keeps the replicas up to 1 + tolerance. */
function isReached(highest: number, target: number, tolerance: number): boolean {
  return highest / target > 1 + tolerance;
}

function within(tolerance: number): string {
  return tolerance > 0
    ? ` by more than the tolerance of ${Math.round(tolerance * 1000) / 10} %`
    : "";
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

/** Use ends at the limits: of the requests that is at most limits / requests, of which the calculator takes whole percents. */
function shareProblem(
  { resource, container, percent }: Request,
  containers: readonly Container[] | undefined,
  tolerance: number,
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
  // Sums of decimal fractions end a hair beside the whole number that is meant.
  const most = Math.floor((100 * sum(limits)) / sum(requests) + 1e-6);
  if (!Number.isFinite(most) || isReached(most, percent, tolerance)) {
    return [];
  }
  const highest = Math.ceil(most / (1 + tolerance)) - 1;
  return [
    `adds a pod above ${percent} % of the ${resource} request${within(tolerance)}, but the limits end use at ${most} %; write ${highest} % or less, or raise the limit`,
  ];
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
  /** The most replicas that may be asked for, where the value is divided by the replicas although it is that of one pod. */
  readonly divided?: number;
}

/** The text of a query without what leaves a gauge's bounds as they are. */
function isPlain(text: string): boolean {
  return !COMPUTED.test(text.replace(BOUNDED, ""));
}

function signalsOf(autoscaler: Autoscaler): Signal[] {
  const spec = at(autoscaler.object.props, "spec");
  if (autoscaler.source === "keda") {
    return isComputed(spec)
      ? []
      : triggersOf(spec).flatMap((one) => triggerSignal(one, autoscaler.most));
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

function triggerSignal(
  { trigger, what }: { readonly trigger: Value; readonly what: string },
  most: Value,
): Signal[] {
  const metadata = at(trigger, "metadata");
  const text = at(metadata, "query") ?? at(metadata, "valueLocation");
  const threshold = at(metadata, "threshold") ?? at(metadata, "targetValue");
  const average = quantity(threshold);
  const metricType = at(trigger, "metricType") ?? "AverageValue";
  const one = typeof text === "string" && /^\s*(?:avg|max|min)\b/.test(text);
  // A value that is not divided by the replicas: the ceiling of a mean is that of one pod, a sum has none.
  const whole = metricType === "Value" && one;
  return typeof text === "string" &&
    average !== undefined &&
    (metricType === "AverageValue" || whole)
    ? [
        {
          what,
          text,
          average,
          ...(one && !whole && typeof most === "number" ? { divided: most } : {}),
        },
      ]
    : [];
}

function signalProblem(
  { what, text, average, divided }: Signal,
  containers: readonly Container[] | undefined,
  tolerance: number,
): string[] {
  if (!isPlain(text)) {
    return [];
  }
  if (SHARES.test(text) && !isReached(1, average, tolerance)) {
    return [
      `${what} has the target ${average}, but the signal is a share between 0 and 1 and never above that${within(tolerance)}; write a lower target, such as 0.8`,
    ];
  }
  const slots = RUNNING.test(text) && !WAITING.test(text) ? slotsOf(containers) : undefined;
  const ceiling = SHARES.test(text) ? 1 : slots;
  if (ceiling !== undefined && isReached(ceiling, average, tolerance)) {
    return dividedProblem(what, ceiling, average, divided);
  }
  return slots !== undefined && !isReached(slots, average, tolerance)
    ? [
        `${what} has the target ${average} running requests a pod, but a pod runs ${slots} at most (--max-num-seqs), never more than the target${within(tolerance)}; count waiting requests too, or lower the target`,
      ]
    : [];
}

/**
 * An AverageValue asks for value / target replicas, as if the value were a sum over pods (the controller's
 * GetExternalPerPodMetricReplicas); a mean stays below its ceiling however many pods there are.
 */
function dividedProblem(
  what: string,
  ceiling: number,
  average: number,
  most: number | undefined,
): string[] {
  const reached = Math.ceil(ceiling / average - 1e-9);
  return most !== undefined && reached < most
    ? [
        `${what} takes one pod's figure, ${ceiling} at most, for the sum over all pods, and asks for ${ceiling} / ${average}, so ${reached} replicas at most of maxReplicaCount ${most}; write metricType: Value, or sum(...)`,
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
