/** What an autoscaler of a plan reads, with what it compares it. */
import { expect, test } from "vitest";
import type { Snapshot } from "../../../../operations/plan/control";
import {
  cpu,
  inFlight,
  queued,
  queuedOrRunning,
  withFloors,
} from "../../../../operations/plan/signals";

const snapshot: Snapshot = {
  wanted: 3,
  existing: 3,
  starting: 1,
  running: [4, 0],
  waiting: 2,
  asked: 9,
};
const external = (value: number, target: number) => ({ kind: "external", value, target });

test("requests in flight are in percent of one replica's slots", () => {
  expect(inFlight(4, 90)(snapshot, 0)).toEqual([external(150, 90)]);
});

test("requests that wait count alone, or beside those that run", () => {
  expect(queued(5)(snapshot, 0)).toEqual([external(2, 5)]);
  expect(queuedOrRunning(5, 3)(snapshot, 0)).toEqual([external(2, 5), external(4, 3)]);
});

test("the CPU of a pod is busy as long as it has a request, however many", () => {
  expect(cpu(60, 70)(snapshot, 0)).toEqual([
    { kind: "utilization", ready: [60, 0], unready: 1, target: 70 },
  ]);
});

test("a minimum asks for its replicas from its start on, and no more at its end", () => {
  const signal = withFloors(queued(5), [
    { from: 10, to: 20, replicas: 3 },
    { from: 15, to: 30, replicas: 2 },
  ]);
  const floors = [9, 10, 15, 20, 30].map((now) => signal(snapshot, now).slice(1));
  expect(floors).toEqual([
    [],
    [external(3, 1)],
    [external(3, 1), external(2, 1)],
    [external(2, 1)],
    [],
  ]);
});
