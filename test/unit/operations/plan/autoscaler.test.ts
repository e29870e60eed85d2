import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { ScalingRules } from "../../../../domain/settings/scalingRules";
import { Autoscaler } from "../../../../operations/plan/autoscaler";
import {
  leastAllowed,
  mostAllowed,
  type Behaviour,
  type ScaleEvent,
} from "../../../../operations/plan/behaviour";
import { proposal, type Reading } from "../../../../operations/plan/metrics";
import { KUBERNETES_BEHAVIOUR, percent, pods, rules } from "../../../../operations/plan/policies";

/** Figures of the tables in kubernetes v1.36.3 pkg/controller/podautoscaler/horizontal_test.go and replica_calculator_test.go. */
const events = (changes: readonly number[], seconds: number): ScaleEvent[] =>
  changes.map((change, index) => ({
    at: -(seconds * (index + 0.5)) / changes.length,
    change,
  }));
const UP_EVENTS = events([1, 5, 9], 120);

describe("policies limit", () => {
  test.each<[string, number, ScalingRules, readonly ScaleEvent[], readonly ScaleEvent[], number]>([
    ["one pod", 3, rules(0, pods(1, 60)), [], [], 4],
    ["by Kubernetes' default", 10, KUBERNETES_BEHAVIOUR.scaleUp, [], [], 20],
    ["pods above percent", 10, rules(0, pods(100, 60), percent(100, 60)), [], [], 110],
    ["percent above pods", 10, rules(0, pods(2, 60), percent(100, 60)), [], [], 20],
    ["pods alone", 10, rules(0, pods(30, 60)), [], [], 40],
    ["percent alone", 10, rules(0, percent(200, 60)), [], [], 30],
    [
      "the lesser with Min",
      10,
      { ...rules(0, pods(2, 60), percent(100, 60)), selectPolicy: "Min" },
      [],
      [],
      12,
    ],
    [
      "nothing with Disabled",
      10,
      { ...rules(0, pods(2, 60)), selectPolicy: "Disabled" },
      [],
      [],
      10,
    ],
    ["pods less what was added", 100, rules(0, pods(150, 120)), UP_EVENTS, [], 235],
    ["percent of what there was", 100, rules(0, percent(200, 120)), UP_EVENTS, [], 255],
    ["nothing where more was added already", 100, rules(0, pods(5, 120)), UP_EVENTS, [], 100],
    [
      "percent after up and down",
      6,
      rules(0, percent(300, 300)),
      events([4], 120),
      events([2], 120),
      16,
    ],
    ["percent rounded up", 1, rules(0, percent(10, 60)), [], [], 2],
  ])("upwards: %s", (_name, current, limits, up, down, expected) => {
    expect(mostAllowed(0, current, limits, up, down)).toBe(expected);
  });

  test.each<[string, number, ScalingRules, readonly ScaleEvent[], readonly ScaleEvent[], number]>([
    ["pods", 1000, rules(0, pods(20, 60)), [], [], 980],
    ["pods above percent", 100, rules(300, pods(20, 60), percent(1, 60)), [], [], 80],
    [
      "the lesser with Min",
      100,
      { ...rules(300, pods(20, 60), percent(1, 60)), selectPolicy: "Min" },
      [],
      [],
      99,
    ],
    ["percent", 10, rules(300, percent(50, 60)), [], [], 5],
    [
      "nothing with Disabled",
      10,
      { ...rules(0, pods(2, 60)), selectPolicy: "Disabled" },
      [],
      [],
      10,
    ],
    ["pods less what was removed", 100, rules(0, pods(20, 120)), [], events([1, 5, 9], 120), 95],
    [
      "what is older than the period does not count",
      100,
      rules(0, pods(20, 60)),
      [],
      [{ at: -60, change: 9 }],
      80,
    ],
    ["percent rounded down", 3, rules(0, percent(50, 60)), [], [], 1],
  ])("downwards: %s", (_name, current, limits, up, down, expected) => {
    expect(leastAllowed(0, current, limits, up, down)).toBe(expected);
  });
});

const FREE = { minReplicas: 1, maxReplicas: 1000 };
const fast = (upWindow: number, downWindow: number): Behaviour => ({
  scaleUp: rules(upWindow, pods(1000, 15)),
  scaleDown: rules(downWindow, pods(1000, 15)),
});

describe("windows", () => {
  test.each([
    [
      "down takes the largest",
      0,
      180,
      100,
      [
        [-120, 4],
        [-60, 5],
      ],
      3,
      5,
    ],
    [
      "up takes the smallest",
      300,
      0,
      1,
      [
        [-120, 4],
        [-60, 5],
      ],
      7,
      4,
    ],
    [
      "a window for up does not hold down",
      300,
      0,
      100,
      [
        [-120, 1],
        [-60, 2],
      ],
      3,
      3,
    ],
    [
      "a window for down does not hold up",
      0,
      300,
      1,
      [
        [-120, 4],
        [-60, 5],
      ],
      3,
      3,
    ],
    [
      "older ones do not count",
      0,
      180,
      100,
      [
        [-600, 10],
        [-60, 4],
        [-120, 5],
        [-540, 9],
      ],
      3,
      5,
    ],
    ["neither up nor down while both windows disagree", 300, 300, 2, [[-180, 3]], 1, 2],
    ["nor the other way round", 300, 300, 2, [[-180, 1]], 3, 2],
  ] as const)("%s", (_name, up, down, current, before, proposed, expected) => {
    const autoscaler = new Autoscaler(FREE, fast(up, down));
    // Long before, so that the first recommendation, which is what there is, is forgotten.
    autoscaler.desired(-10_000, current, current);
    for (const [at, replicas] of [...before].sort(([left], [right]) => left - right)) {
      autoscaler.desired(at, current, replicas);
    }
    expect(autoscaler.desired(0, current, proposed)).toBe(expected);
  });

  test("begin with what there is", () => {
    const autoscaler = new Autoscaler(FREE, fast(0, 300));
    expect(autoscaler.desired(0, 13, 2)).toBe(13);
    expect(autoscaler.desired(285, 13, 2)).toBe(13);
    expect(autoscaler.desired(300, 13, 2)).toBe(2);
  });
});

describe("an autoscaler", () => {
  test("keeps its bounds, whatever the metrics ask for", () => {
    const bounds = { minReplicas: 2, maxReplicas: 8 };
    expect(new Autoscaler(bounds, fast(0, 0)).desired(0, 3, 1)).toBe(2);
    expect(new Autoscaler(bounds, fast(0, 0)).desired(0, 5, 1000)).toBe(8);
    expect(new Autoscaler(bounds, fast(0, 0)).desired(0, 9, 5)).toBe(8);
    expect(new Autoscaler(bounds, fast(0, 0)).desired(0, 1, 5)).toBe(2);
  });

  test("leaves a target alone that is at 0, and one whose metrics have no value", () => {
    expect(new Autoscaler(FREE, fast(0, 0)).desired(0, 0, 5)).toBe(0);
    expect(new Autoscaler(FREE, fast(0, 0)).desired(0, 4, undefined)).toBe(4);
  });

  test("adds one pod a minute where it may, not one a look", () => {
    const slow = { ...fast(0, 0), scaleUp: rules(0, pods(1, 60)) };
    const autoscaler = new Autoscaler(FREE, slow);
    let current = 1;
    const seen = Array.from({ length: 9 }, (_, index) => {
      current = autoscaler.desired(15 * index, current, 10);
      return current;
    });
    expect(seen).toEqual([2, 2, 2, 2, 3, 3, 3, 3, 4]);
  });

  test("forgets what was added long ago for its policies downwards, once more is added", () => {
    const behaviour = { scaleUp: rules(0, pods(2, 15)), scaleDown: rules(0, pods(1, 300)) };
    const autoscaler = new Autoscaler(FREE, behaviour);
    expect(autoscaler.desired(0, 1, 3)).toBe(3);
    expect(autoscaler.desired(60, 3, 5)).toBe(5);
    // 300 s before there were 5 - 2 replicas by what it remembers, of which one may go.
    expect(autoscaler.desired(75, 5, 1)).toBe(2);
  });

  test("moves no further than its policies allow, and never out of its bounds", () => {
    const look = fc.integer({ min: 0, max: 60 });
    fc.assert(
      fc.property(fc.array(look, { minLength: 1, maxLength: 60 }), (proposals) => {
        const bounds = { minReplicas: 2, maxReplicas: 30 };
        const behaviour = { scaleUp: rules(0, pods(3, 60)), scaleDown: rules(60, pods(1, 60)) };
        const autoscaler = new Autoscaler(bounds, behaviour);
        const history = [5];
        proposals.forEach((proposed, index) => {
          history.push(autoscaler.desired(15 * index, history.at(-1) ?? 0, proposed));
        });
        for (const [index, replicas] of history.entries()) {
          const minute = history.slice(Math.max(0, index - 4), index + 1);
          expect(replicas).toBeGreaterThanOrEqual(2);
          expect(replicas).toBeLessThanOrEqual(30);
          expect(replicas - Math.min(...minute)).toBeLessThanOrEqual(3 + 4);
          expect((history[index + 1] ?? replicas) - replicas).toBeGreaterThanOrEqual(-1);
        }
      }),
    );
  });
});

describe("metrics ask for", () => {
  const external = (value: number, target: number): Reading => ({
    kind: "external",
    value,
    target,
  });
  const cpu = (ready: readonly number[], unready: number, target: number): Reading => ({
    kind: "utilization",
    ready,
    unready,
    target,
  });

  test.each<[string, readonly Reading[], number, number | undefined]>([
    ["more, by a sum over the pods", [external(8.6, 2.15)], 3, 4],
    ["fewer, by a sum over the pods", [external(8.6, 2.867)], 5, 3],
    ["what there is, within the tolerance", [external(8.6, 2.9)], 3, 3],
    ["what there is, up to a tenth away", [external(10.9, 1)], 10, 10],
    ["more, beyond a tenth", [external(11.1, 1)], 10, 12],
    ["the most that one of them asks for", [external(8.6, 2.15), external(9, 1)], 3, 9],
    ["nothing without requests", [external(0, 3.6)], 3, 0],
    ["more, by CPU", [cpu([30, 50, 70], 0, 30)], 3, 5],
    ["fewer, by CPU", [cpu([10, 30, 50, 25, 25], 0, 50)], 5, 3],
    ["what there is, by CPU within the tolerance", [cpu([95, 105], 0, 100)], 2, 2],
    ["what there is, by CPU whose fraction does not count", [cpu([55.5, 55.7], 0, 50)], 2, 2],
    ["more, by CPU in whole percents", [cpu([56, 56], 0, 50)], 2, 3],
    ["less where pods start: they count with 0", [cpu([100, 100], 2, 40)], 4, 5],
    ["what there is where that would turn the direction round", [cpu([60], 2, 50)], 3, 3],
    ["fewer by those that are ready alone", [cpu([10, 10], 2, 50)], 4, 1],
    ["nothing that can be known while no pod is ready", [cpu([], 2, 50)], 2, undefined],
  ])("%s", (_name, readings, current, expected) => {
    expect(proposal(readings, { wanted: current, existing: current })).toBe(expected);
  });

  test("no second pod for one that starts: existing pods count, ready or not", () => {
    expect(proposal([external(40, 3.6)], { wanted: 12, existing: 12 })).toBe(12);
  });
});
