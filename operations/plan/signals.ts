import type { Snapshot } from "./control";
import type { Reading } from "./metrics";

/** Reads what an autoscaler compares with its targets. */
export type Signal = (snapshot: Snapshot, now: number) => readonly Reading[];

/** A minimum for some time: a `cron` trigger of KEDA, which asks for so many replicas and leaves the bounds alone. */
export interface Floor {
  /** Seconds of the trace, the end excluded. */
  readonly from: number;
  readonly to: number;
  readonly replicas: number;
}

/**
 * Requests that are in a slot or wait, in percent of one replica's slots, as a model's ScaledObject has it.
 *
 * @param slotUtilization percent of the slots of each replica that are to be in use
 */
export function inFlight(slots: number, slotUtilization: number): Signal {
  return ({ running, waiting }) => [
    external(((sum(running) + waiting) * 100) / slots, slotUtilization),
  ];
}

/** Requests that wait, summed, for each replica. */
export function queued(target: number): Signal {
  return ({ waiting }) => [external(waiting, target)];
}

/** The one of both that asks for more. */
export function queuedOrRunning(waitingTarget: number, runningTarget: number): Signal {
  return ({ waiting, running }) => [
    external(waiting, waitingTarget),
    external(sum(running), runningTarget),
  ];
}

/**
 * CPU of pods whose work happens on a Neuron device.
 *
 * @param busyPercent CPU use of a pod with at least one request, in percent of its requests; 0 without one
 * @param targetPercent in percent of the requests
 */
export function cpu(busyPercent: number, targetPercent: number): Signal {
  return ({ running, starting }) => [
    {
      kind: "utilization",
      ready: running.map((count) => (count > 0 ? busyPercent : 0)),
      unready: starting,
      target: targetPercent,
    },
  ];
}

/** A signal, and minimums by time beside it. */
export function withFloors(signal: Signal, floors: readonly Floor[]): Signal {
  return (snapshot, now) => [
    ...signal(snapshot, now),
    ...floors
      .filter(({ from, to }) => from <= now && now < to)
      .map(({ replicas }) => external(replicas, 1)),
  ];
}

function external(value: number, target: number): Reading {
  return { kind: "external", value, target };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
