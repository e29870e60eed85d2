import { describe, expect, test } from "vitest";
import { progressLine, summaryTable } from "../../../operations/load/progress";
import { replicasOf } from "../../../operations/load/replicas";
import { loadReport } from "../../../operations/load/report";
import type { LoadRun, Observation } from "../../../operations/load/run";
import type { WorkloadState } from "../../../operations/stack/platformState";

const state = (changes: Partial<WorkloadState>): WorkloadState => ({
  name: "m",
  kind: "StatefulSet",
  namespace: "vllm",
  autoscaler: "m-hpa",
  minimum: 0,
  maximum: 4,
  wanted: 1,
  ready: 1,
  phase: undefined,
  metrics: [],
  limits: [],
  ...changes,
});
const ASLEEP = { phase: "asleep", wanted: 0, ready: 0 } as const;
const WAKING = { phase: "waking", wanted: 1, ready: 0 } as const;
const AWAKE = { wanted: 2, ready: 1 };
const seen = (...states: readonly (readonly [number, Partial<WorkloadState>])[]): Observation[] =>
  states.map(([second, changes]) => ({ second, workloads: [state(changes)] }));

const NIGHT = seen([0, ASLEEP], [10, ASLEEP], [12, WAKING], [20, WAKING], [30, AWAKE], [34, AWAKE]);

describe("the replicas of a load", () => {
  test("are counted by how long each state lasted until the next look", () => {
    expect(replicasOf(NIGHT)).toEqual([
      {
        name: "m",
        namespace: "vllm",
        wanted: { least: 0, most: 2 },
        ready: { least: 0, most: 1 },
        shortSeconds: 22,
        asleepSeconds: 12,
        wakingSeconds: [18],
      },
    ]);
  });

  test.each<[string, Observation[], number[]]>([
    ["one that was waking before", seen([0, WAKING], [4, AWAKE]), []],
    ["one that nobody saw awake", seen([0, ASLEEP], [4, WAKING]), []],
    ["one that fell asleep again", seen([0, ASLEEP], [4, WAKING], [6, ASLEEP], [8, AWAKE]), [0]],
    [
      "two",
      seen([0, ASLEEP], [2, WAKING], [5, AWAKE], [6, ASLEEP], [7, WAKING], [9, AWAKE]),
      [3, 2],
    ],
  ])("tell how long waking took: of %s", (_what, observations, expected) => {
    expect(replicasOf(observations)[0]?.wakingSeconds).toEqual(expected);
  });

  test("keep workloads of one name in two namespaces apart", () => {
    const both = [{ second: 0, workloads: [state({}), state({ namespace: "other" })] }];
    expect(replicasOf(both).map(({ namespace }) => namespace)).toEqual(["vllm", "other"]);
  });
});

describe("what a load shows", () => {
  const run = (observations: Observation[]): LoadRun => ({
    startedAt: new Date(0),
    outcomes: [],
    observations,
    inFlight: 0,
    seconds: 34,
    blind: undefined,
  });
  const plan = { model: "m", profile: "p", route: "r", streaming: false };

  test("at its end: wanted against ready, sleep, and how long waking took", () => {
    const text = summaryTable(loadReport(run(NIGHT), plan, false));
    expect(text.split("\n").find((line) => line.includes("│ m "))).toMatch(
      /m .* 0-2 .* 0-1 .* 22 s .* 12 s .* 18 s/,
    );
  });

  test("on its way: the first metric with its unit, or that a model sleeps", () => {
    const metric = { name: "slots", kind: "utilization", target: 90, current: 64.3 } as const;
    expect(progressLine(run(seen([0, { metrics: [metric] }])), 1)).toContain("m 1 (slots 64/90 %)");
    expect(progressLine(run(seen([0, ASLEEP])), 1)).toContain("m 0 (asleep)");
  });
});
