import type { CoreV1Event, V1Pod } from "@kubernetes/client-node";
import { metricText } from "../stack/metricState";
import { stateText, type WorkloadState } from "../stack/platformState";
import { isPlaceholder, isReady, placeholderText } from "../stack/pods";
import { table } from "../stack/table";

/** What one screen shows. */
export interface ScreenState {
  readonly at: Date;
  readonly workloads: readonly WorkloadState[];
  readonly pods: readonly V1Pod[];
  readonly events: readonly CoreV1Event[];
  /** Requests per second by routing entry. */
  readonly rates: ReadonlyMap<string, number>;
}

/** Newest events, and newest decisions of the autoscalers, that are shown. */
const EVENTS = 6;
const DECISIONS = 5;
const PODS = 20;

/** Reasons of events that tell of one: Kubernetes' own, and KEDA's of a model that wakes or falls asleep. */
const DECIDED = ["SuccessfulRescale", "KEDAScaleTargetActivated", "KEDAScaleTargetDeactivated"];

const COMPACT = { compact: true };

/** The whole screen as text. */
export function screen({ at, workloads, pods, events, rates }: ScreenState): string {
  const newest = [...events].sort((left, right) => timeOf(right) - timeOf(left));
  const isDecision = ({ reason }: CoreV1Event) => DECIDED.includes(reason ?? "");
  const decisions = newest.filter(isDecision).slice(0, DECISIONS);
  const others = newest.filter((event) => !isDecision(event)).slice(0, EVENTS);
  return [
    at.toISOString(),
    table(
      ["Workload", "Now / target", "Ready", "Wanted", "Bounds", "State"],
      workloads.map((workload) => [
        workload.name,
        workload.metrics.map(metricText).join(", ") || undefined,
        workload.ready,
        workload.wanted,
        `${workload.minimum}-${workload.maximum}`,
        stateText(workload) || undefined,
      ]),
      COMPACT,
    ),
    table(
      ["Model replica", "Requests/s"],
      [...rates].sort().map(([replica, rate]) => [replica, rate.toFixed(1)]),
      COMPACT,
    ),
    table(
      ["Pod", "State", "Restarts", "Age", "Node"],
      pods
        .slice(0, PODS)
        .map((pod) => [
          pod.metadata?.name ?? "",
          stateOf(pod),
          pod.status?.containerStatuses?.reduce((sum, entry) => sum + entry.restartCount, 0) ?? 0,
          age(pod.metadata?.creationTimestamp, at),
          pod.spec?.nodeName,
        ]),
      COMPACT,
    ),
    ...(pods.length > PODS ? [`and ${pods.length - PODS} pods more`] : []),
    "Scaling decisions",
    ...lines(decisions, at),
    "Events",
    ...lines(others, at),
  ].join("\n");
}

function lines(events: readonly CoreV1Event[], now: Date): string[] {
  return events.length === 0
    ? ["  none"]
    : events.map(
        (event) =>
          `  ${age(new Date(timeOf(event)), now).padStart(5)}  ${event.involvedObject.name ?? ""}: ${(event.message ?? event.reason ?? "").slice(0, 110)}`,
      );
}

function stateOf(pod: V1Pod): string {
  if (pod.metadata?.deletionTimestamp !== undefined) {
    return "ending";
  }
  if (isPlaceholder(pod)) {
    return placeholderText(pod);
  }
  return isReady(pod) ? "ready" : (pod.status?.phase ?? "unknown");
}

/** Kubernetes' own event sources fill different fields. */
function timeOf({ lastTimestamp, eventTime, metadata }: CoreV1Event): number {
  return new Date(lastTimestamp ?? eventTime ?? metadata.creationTimestamp ?? 0).getTime();
}

function age(since: Date | undefined, now: Date): string {
  if (since === undefined) {
    return "-";
  }
  const seconds = Math.max(0, Math.round((now.getTime() - since.getTime()) / 1000));
  return seconds < 120
    ? `${seconds}s`
    : seconds < 7200
      ? `${Math.round(seconds / 60)}m`
      : `${Math.round(seconds / 3600)}h`;
}
