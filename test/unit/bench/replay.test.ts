/** What the replay of test/bench makes of a scenario, of the pods that were seen, and of their answers. */
import { expect, test } from "vitest";
import type { Outcome } from "../../../operations/load/request";
import { KUBERNETES_BEHAVIOUR, RECOMMENDED } from "../../../operations/plan/policies";
import { faster, fasterBehaviour, slowerBehaviour, thinned } from "../../bench/compressed";
import { podSeconds, warmUps, type Sighting } from "../../bench/replayed";

const seen = (at: number, ...uids: string[]): Sighting => ({
  at,
  pods: uids.map((uid) => ({ uid, name: uid.slice(0, 3), ready: true, ending: false })),
});
const answer = (replica: string, atMs: number, totalMs: number, error?: string): Outcome => ({
  atMs,
  totalMs,
  tokens: 1,
  status: 200,
  replica,
  fallback: false,
  ...(error === undefined ? {} : { error }),
});

test("every fourteenth request is replayed, twelve times as fast, with a tenth of its tokens", () => {
  const arrivals = Array.from({ length: 30 }, (_, index) => ({
    atMs: index * 1200,
    promptTokens: 900,
    outputTokens: 101,
  }));
  expect(faster(thinned(arrivals))).toEqual(
    [0, 1400, 2800].map((atMs) => ({ atMs, promptTokens: 8, outputTokens: 11 })),
  );
});

test("windows and periods are whole seconds of the replay, a second at least, and so is what is simulated", () => {
  const { scaleUp, scaleDown } = fasterBehaviour(RECOMMENDED);
  expect(scaleUp).toEqual({
    ...RECOMMENDED.scaleUp,
    policies: [{ type: "Percent", value: 100, periodSeconds: 1 }],
  });
  expect(scaleDown).toMatchObject({
    stabilizationWindowSeconds: 15,
    policies: [{ type: "Pods", value: 1, periodSeconds: 10 }],
  });
  const quick = {
    ...RECOMMENDED.scaleUp,
    policies: [{ type: "Pods", value: 1, periodSeconds: 5 }],
  } as const;
  expect(fasterBehaviour({ scaleUp: quick, scaleDown }).scaleUp.policies[0]?.periodSeconds).toBe(1);
  const slower = slowerBehaviour(fasterBehaviour(KUBERNETES_BEHAVIOUR));
  expect(slower.scaleDown.stabilizationWindowSeconds).toBe(300);
  expect(slower.scaleUp.policies.map(({ periodSeconds }) => periodSeconds)).toEqual([12, 12]);
});

test("pods cost from one look to the next, until the last request", () => {
  expect(podSeconds([seen(0, "m-0"), seen(2, "m-0", "m-1"), seen(5, "m-0")], 4)).toBe(2 + 2 * 2);
  expect(podSeconds([seen(0, "m-0"), seen(2, "m-0", "m-1")], 10)).toBe(2 + 2 * 8);
});

test("a pod's warm-up ends where its first answer begins; an earlier pod of its name had others", () => {
  const sightings = [seen(0, "m-0", "m-1a"), seen(5, "m-0"), seen(10, "m-0", "m-1b")];
  const outcomes = [
    answer("m-1", 2000, 1500),
    answer("m-1", 12_000, 500, "HTTP 500"),
    answer("m-1", 20_000, 6500),
    answer("m-1", 24_000, 1500),
    answer("m-0", 11_000, 1500),
  ];
  expect(warmUps(sightings, outcomes, () => 1.5)).toEqual([14]);
});
