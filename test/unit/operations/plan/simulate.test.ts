import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Arrival } from "../../../../operations/load/profile";
import { Script } from "../../../../operations/plan/control";
import { Kubernetes } from "../../../../operations/plan/kubernetes";
import { outcome } from "../../../../operations/plan/outcome";
import {
  fixed,
  KUBERNETES_BEHAVIOUR,
  onCpu,
  onQueue,
  onRequests,
  ORACLE,
  RECOMMENDED,
  type Setting,
} from "../../../../operations/plan/policies";
import { cpu } from "../../../../operations/plan/signals";
import { simulate, type Scenario } from "../../../../operations/plan/simulate";

/** An answer of `tokens` takes so many seconds: 1 to the first, 1 for each further one. */
const TIMES = { firstTokenSeconds: 1, perPromptTokenSeconds: 0, perOutputTokenSeconds: 1 };
const FLEET = { slots: 2, startSeconds: 20, bootSeconds: 40, headroom: 0, keepSeconds: 0 };
const ENDLESS = { perPlace: Infinity, seconds: Infinity, fallback: false };
const at = (seconds: number, outputTokens = 10): Arrival => ({
  atMs: seconds * 1000,
  promptTokens: 100,
  outputTokens,
});
const scenario = (arrivals: readonly Arrival[], changes: Partial<Scenario> = {}): Scenario => ({
  arrivals,
  times: TIMES,
  fleet: FLEET,
  queue: ENDLESS,
  ...changes,
});
const STILL = () => new Script([]);
const waits = (of: { answers: readonly { waitSeconds: number }[] }) =>
  of.answers.map(({ waitSeconds }) => waitSeconds);

describe("requests", () => {
  test("take a slot each, and the next ones wait for the first that is free", () => {
    // Two slots, answers of 10 s: the third waits for the first, the fourth for the second.
    const run = simulate(scenario([at(0), at(1), at(2), at(3)]), STILL(), 1);
    expect(waits(run)).toEqual([0, 0, 8, 8]);
    expect(run.answers.map(({ firstTokenSeconds }) => firstTokenSeconds)).toEqual([1, 1, 9, 9]);
  });

  test("of long prompts wait longer for their first token, and keep their slot longer", () => {
    const times = { ...TIMES, perPromptTokenSeconds: 0.05 };
    const run = simulate(scenario([at(0), at(0), at(0)], { times }), STILL(), 1);
    expect(run.answers.map(({ firstTokenSeconds }) => firstTokenSeconds)).toEqual([6, 6, 21]);
  });

  test("that find the queue full are refused, or answered by the fallback", () => {
    const arrivals = [at(0), at(0), at(1), at(1), at(1)];
    const fates = (fallback: boolean) =>
      simulate(
        scenario(arrivals, { queue: { perPlace: 1, seconds: 60, fallback } }),
        STILL(),
        1,
      ).answers.map(({ fate }) => fate);
    expect(fates(false)).toEqual(["answered", "answered", "answered", "answered", "refused"]);
    expect(fates(true)[4]).toBe("fallback");
  });

  test("that have waited too long leave the queue", () => {
    const queue = { perPlace: Infinity, seconds: 3, fallback: true };
    const run = simulate(scenario([at(0), at(0), at(5), at(8)], { queue }), STILL(), 1);
    expect(run.answers.map(({ fate, waitSeconds }) => [fate, waitSeconds])).toEqual([
      ["answered", 0],
      ["answered", 0],
      ["fallback", 3],
      ["answered", 2],
    ]);
    expect(outcome(run, { goalSeconds: 3, nodeHourUsd: 2 })).toMatchObject({
      // The fallback's first token comes after 3 + 1 s.
      withinPercent: 75,
      fallbackPercent: 25,
      refusedPercent: 0,
    });
  });
});

describe("replicas", () => {
  test("serve after their start, and cost from their order on", () => {
    const run = simulate(
      scenario([at(0), at(0), at(0, 100), at(70), at(100)]),
      new Script([{ at: 1, replicas: 2 }]),
      1,
    );
    // The third gets a slot of the first replica at 10; the second replica is ready at 61.
    expect(waits(run)).toEqual([0, 0, 10, 0, 0]);
    expect(run.replicaHours).toBeCloseTo((100 + 99) / 3600, 9);
  });

  test("that are removed finish their answers, and take nothing new", () => {
    const run = simulate(
      scenario([at(0, 30), at(0, 30), at(0, 30), at(6, 10), at(50)]),
      new Script([{ at: 5, replicas: 1 }]),
      2,
    );
    // Ordinal 1 has one answer until 30; the fourth takes the free place of ordinal 0 only at 30.
    expect(waits(run)).toEqual([0, 0, 0, 24, 0]);
    expect(run.replicaHours).toBeCloseTo((50 + 30) / 3600, 9);
  });

  test("on a node that is kept ready skip its start, and the next node is ordered at once", () => {
    const fleet = { ...FLEET, headroom: 1 };
    const steps = [
      { at: 0, replicas: 1 },
      { at: 10, replicas: 2 },
    ];
    const run = simulate(scenario([at(0), at(1), at(200)], { fleet }), new Script(steps), 0);
    // The first is ready at 20, its placeholder's next node at 40: the second replica, ordered at 10, at 60.
    expect(waits(run)).toEqual([20, 19, 0]);
    const ready = run.samples.map((sample) => [sample.at, sample.ready]);
    expect(ready).toContainEqual([45, 1]);
    expect(ready).toContainEqual([60, 2]);
    // Two nodes with replicas and one without: the first is there from 0, two are ordered at 0 and at 10.
    expect(run.nodeHours).toBeCloseTo((200 + 200 + 190) / 3600, 9);
  });

  test("that come again wait for the end of their ordinal's last pod", () => {
    const steps = [
      { at: 5, replicas: 1 },
      { at: 6, replicas: 2 },
    ];
    const run = simulate(scenario([at(0, 30), at(0, 30), at(200)]), new Script(steps), 2);
    const seen = new Map(run.samples.map((sample) => [sample.at, sample]));
    // Its answer ends at 30, its node is kept for 0 s: the next pod starts at 30 on a node that comes at 70.
    expect(seen.get(15)).toMatchObject({ wanted: 2, existing: 2, ready: 1 });
    expect(seen.get(75)).toMatchObject({ wanted: 2, existing: 2, ready: 1 });
    expect(seen.get(90)).toMatchObject({ wanted: 2, existing: 2, ready: 2 });
  });

  test("take the node that is ready first", () => {
    const fleet = { ...FLEET, headroom: 2 };
    const steps = [
      { at: 0, replicas: 1 },
      { at: 10, replicas: 2 },
    ];
    const run = simulate(scenario([at(100)], { fleet }), new Script(steps), 0);
    // At 10 one node is ready and one comes at 40.
    expect(run.samples.find((sample) => sample.at === 30)).toMatchObject({ ready: 2 });
  });

  test("leave nodes that stay for a while, where the next replica starts sooner", () => {
    const fleet = { ...FLEET, keepSeconds: 100 };
    const steps = [
      { at: 10, replicas: 1 },
      { at: 50, replicas: 2 },
      { at: 70, replicas: 1 },
    ];
    const run = simulate(scenario([at(300)], { fleet }), new Script(steps), 2);
    // Replicas: 300 s, 10 s and 20 s. The node of the second stays from 0 to 170.
    expect(run.replicaHours).toBeCloseTo(330 / 3600, 9);
    expect(run.nodeHours).toBeCloseTo((300 + 170) / 3600, 9);
    expect(run.samples.find((sample) => sample.at === 60)).toMatchObject({ existing: 2, ready: 1 });
  });
});

describe("a model with a minimum of 0", () => {
  const sleeping = (idleSeconds = 100) =>
    new Kubernetes({
      bounds: { minReplicas: 0, maxReplicas: 2 },
      behaviour: KUBERNETES_BEHAVIOUR,
      read: ({ running, waiting }) => [
        {
          kind: "external",
          value: running.reduce((sum, count) => sum + count, waiting),
          target: 2,
        },
      ],
      sleep: { idleSeconds, pollingSeconds: 10 },
    });

  test("sleeps after its time without a request, and the first one wakes it", () => {
    const run = simulate(scenario([at(5), at(400)]), sleeping(), 1);
    const seen = new Map(run.samples.map((sample) => [sample.at, sample.wanted]));
    // The first answer ends at 15: the look at 10 saw it, the one at 110 finds 100 s without.
    expect([seen.get(105), seen.get(120), seen.get(390)]).toEqual([1, 0, 0]);
    // The look at 400 does not see what comes at 400; that at 410 does, and the start takes 60 s.
    expect(waits(run)).toEqual([0, 70]);
  });

  test("refuses while it sleeps where the queue is bounded by its places, and still wakes", () => {
    const queue = { perPlace: 1, seconds: 60, fallback: false };
    const run = simulate(scenario([at(1), at(100)], { queue }), sleeping(), 0);
    expect(run.answers.map(({ fate }) => fate)).toEqual(["refused", "answered"]);
  });

  test("is not put to sleep before it is awake, though its start takes longer than its idle time", () => {
    const queue = { perPlace: 1, seconds: 60, fallback: false };
    const run = simulate(scenario([at(1), at(85)], { queue }), sleeping(30), 0);
    // Awake at 70; asleep 30 s later, had nobody come.
    expect(run.answers.map(({ fate }) => fate)).toEqual(["refused", "answered"]);
  });
});

test("CPU counts pods that start with 0, and those that end not at all", () => {
  const seen = { wanted: 3, existing: 4, starting: 1, running: [2, 0], waiting: 0, asked: 9 };
  expect(cpu(33, 70)(seen, 0)).toEqual([
    { kind: "utilization", ready: [33, 0], unready: 1, target: 70 },
  ]);
});

const setting = (arrivals: readonly Arrival[]): Setting => ({
  scenario: scenario(arrivals),
  minReplicas: 1,
  maxReplicas: 6,
  initialReplicas: 2,
  goalSeconds: 5,
});
const POLICIES = [
  onRequests("requests", "", RECOMMENDED),
  onQueue("queue", KUBERNETES_BEHAVIOUR),
  onCpu("cpu", KUBERNETES_BEHAVIOUR),
  fixed(3),
];
const arrivals = fc
  .array(
    fc.record({
      atMs: fc.integer({ min: 0, max: 600_000 }),
      promptTokens: fc.integer({ min: 1, max: 100 }),
      outputTokens: fc.integer({ min: 1, max: 40 }),
    }),
    { minLength: 1, maxLength: 200 },
  )
  .map((made) => made.sort((left, right) => left.atMs - right.atMs));

describe("every run", () => {
  test("answers each request once, keeps slots and bounds, and costs what was there", () => {
    fc.assert(
      fc.property(arrivals, fc.constantFrom(...POLICIES), (requests, policy) => {
        const run = policy.run(setting(requests));
        expect(run.answers).toHaveLength(requests.length);
        expect(run.answers.every(({ waitSeconds }) => waitSeconds >= 0)).toBe(true);
        for (const sample of run.samples) {
          expect(sample.running).toBeLessThanOrEqual(sample.ready * FLEET.slots);
          expect(sample.existing).toBeLessThanOrEqual(6);
          expect(sample.nodes).toBe(sample.existing);
        }
        expect(run.replicaHours).toBeLessThanOrEqual((6 * run.seconds) / 3600 + 1e-9);
        expect(run.nodeHours).toBeCloseTo(run.replicaHours, 9);
      }),
      { numRuns: 60 },
    );
  });

  test("is the same the second time", () => {
    fc.assert(
      fc.property(arrivals, fc.constantFrom(...POLICIES), (requests, policy) => {
        expect(policy.run(setting(requests))).toEqual(policy.run(setting(requests)));
      }),
      { numRuns: 20 },
    );
  });

  test("with more replicas all the time lets nobody wait longer", () => {
    fc.assert(
      fc.property(arrivals, (requests) => {
        const few = waits(fixed(1).run(setting(requests)));
        const many = waits(fixed(2).run(setting(requests)));
        many.forEach((wait, index) => {
          expect(wait).toBeLessThanOrEqual((few[index] ?? NaN) + 1e-9);
        });
      }),
      { numRuns: 40 },
    );
  });
});

describe("the oracle", () => {
  test("starts a replica in time, and pays for the start", () => {
    // At 100 three requests need a second replica, which starts at 40 and goes when its answer ends at 110.
    const run = ORACLE.run({ ...setting([at(100), at(100), at(100), at(300)]), goalSeconds: 3 });
    expect(waits(run)).toEqual([0, 0, 0, 0]);
    // The first is the minimum, for 300 s. The second, which is there at the beginning, is not worth keeping.
    expect(run.replicaHours).toBeCloseTo((300 + 70) / 3600, 9);
  });

  test("lets a request wait as long as the goal allows, rather than start a replica", () => {
    const run = ORACLE.run(setting([at(0), at(0), at(7), at(100)]));
    // A slot is free at 10: 3 s of wait and 1 to the first token are within the goal of 5.
    expect(waits(run)).toEqual([0, 0, 3, 0]);
    expect(run.replicaHours).toBeCloseTo(100 / 3600, 9);
  });

  test("keeps the goal for everybody while there are enough replicas", () => {
    fc.assert(
      fc.property(arrivals, (requests) => {
        const generous = { ...setting(requests), maxReplicas: 400 };
        const run = ORACLE.run(generous);
        expect(outcome(run, { goalSeconds: 5, nodeHourUsd: undefined }).withinPercent).toBe(100);
      }),
      { numRuns: 40 },
    );
  });
});
