/** The picture of a replay: what is where. */
import { describe, expect, test } from "vitest";
import { replayOf } from "../../../../operations/plan/figure";
import type { Answer, Sample } from "../../../../operations/plan/simulate";

const sample = (at: number, changes: Partial<Sample> = {}): Sample => ({
  at,
  wanted: 1,
  existing: 1,
  ready: 1,
  nodes: 1,
  running: 0,
  waiting: 0,
  ...changes,
});
const answer = (at: number, firstTokenSeconds: number | undefined): Answer => ({
  at,
  fate: "answered",
  waitSeconds: 0,
  firstTokenSeconds,
});

const OUTCOME = {
  replicaHours: 1.25,
  nodeHours: 2,
  usd: undefined,
  withinPercent: 98.76,
  waitP95Seconds: 1,
  fallbackPercent: 0,
  refusedPercent: 0,
  mostReplicas: 2,
};

/** Of 600 seconds, four slots and a goal of 2 s. */
const drawn = (samples: readonly Sample[], answers: readonly Answer[] = [], title = "a plan") =>
  replayOf(
    { outcome: OUTCOME, run: { answers, samples, seconds: 600, replicaHours: 1.25, nodeHours: 2 } },
    { seconds: 600, slots: 4, goalSeconds: 2, title },
  );

const matches = (text: string, pattern: RegExp) =>
  [...text.matchAll(pattern)].map(([, ...found]) => found);
/** The lines, by colour: where each goes. */
const paths = (svg: string) =>
  Object.fromEntries(
    matches(
      svg,
      /<path d="([^"]+)" fill="none" stroke="([^"]+)" stroke-width="1.6"( [^/]*)?\/>/g,
    ).map(([way = "", colour = "", dash]) => [colour, { way, dash: dash?.trim() }] as const),
  );

describe("the picture of a replay", () => {
  test("is a page of SVG with the share within the goal and the cost in its title", () => {
    const svg = drawn([sample(0)], [], "1 < 2 & 3");
    expect(svg).toMatch(
      /^<svg xmlns="http:\/\/www.w3.org\/2000\/svg" viewBox="0 0 900 320"[^>]*>\n/,
    );
    expect(svg).toMatch(/<\/svg>\n$/);
    expect(svg).toContain(
      '<text x="46" y="18" font-size="13">1 &lt; 2 &amp; 3: 98.8 % within 2 s, 1.3 replica-hours</text>',
    );
  });

  test("has steps of what was wanted, ready and needed, from the left edge to the right", () => {
    const svg = drawn([
      sample(0),
      sample(300, { wanted: 2, existing: 2, running: 4, waiting: 2 }),
      sample(600, { wanted: 2, existing: 2, ready: 2, running: 4 }),
    ]);
    // Two replicas are the top, y 34; none is the bottom, y 284. Six requests need one and a half.
    expect(paths(svg)).toEqual({
      "#566173": { way: "M46 159H467V34H888V34", dash: 'stroke-dasharray="5 3"' },
      "#1f6feb": { way: "M46 159H467V159H888V34", dash: undefined },
      "#d97706": { way: "M46 284H467V96.5H888V159", dash: undefined },
    });
  });

  test.each<[string, Partial<Sample>]>([
    ["wanted", { wanted: 5 }],
    ["that exist", { existing: 5 }],
    ["that are needed", { running: 12, waiting: 8 }],
  ])("goes up to the most replicas %s", (_what, changes) => {
    const svg = drawn([sample(0), sample(600, changes)]);
    expect(matches(svg, /x2="888" y1="([\d.]+)" y2="([\d.]+)" stroke="#d7dde5"\/>/g)).toEqual(
      [284, 234, 184, 134, 84, 34].map((y) => [String(y), String(y)]),
    );
    expect(matches(svg, /<text x="40" y="([\d.]+)" text-anchor="end">(\d+)</g)).toEqual(
      [288, 238, 188, 138, 88, 38].map((y, replicas) => [String(y), String(replicas)]),
    );
  });

  test("counts many replicas in about five steps, and long traces in about six", () => {
    const svg = replayOf(
      {
        outcome: OUTCOME,
        run: {
          answers: [],
          samples: [sample(0, { wanted: 23 })],
          seconds: 7200,
          replicaHours: 1,
          nodeHours: 1,
        },
      },
      { seconds: 7200, slots: 4, goalSeconds: 2, title: "long" },
    );
    expect(matches(svg, /text-anchor="end">(\d+)</g).flat()).toEqual(["0", "5", "10", "15", "20"]);
    expect(matches(svg, /<text x="([\d.]+)" y="300" text-anchor="middle">(\d+) min</g)).toEqual([
      ["46", "0"],
      ["186.3", "20"],
      ["326.7", "40"],
      ["467", "60"],
      ["607.3", "80"],
      ["747.7", "100"],
      ["888", "120"],
    ]);
  });

  test("is red where first tokens missed the goal, the more the redder", () => {
    const svg = drawn(
      [sample(0)],
      [answer(0, 2), answer(30, 2.1), answer(300, undefined), answer(300, 1), answer(599, 9)],
    );
    const red = matches(
      svg,
      /<rect x="([\d.]+)" y="34" width="([\d.]+)" height="250" fill="#b3261e" opacity="([\d.]+)"\/>/g,
    );
    expect(red.map(([x]) => Number(x))).toEqual([
      expect.closeTo(88, 0),
      467,
      expect.closeTo(880, -1),
    ]);
    expect(new Set(red.map(([, width]) => width)).size).toBe(1);
    expect(red.map(([, , opacity]) => opacity)).toEqual(["0.4", "0.2", "0.4"]);
  });

  test("says what its colours are", () => {
    expect(matches(drawn([sample(0)]), /<text x="(\d+)" y="316" fill="(#\w+)">([^<]+)</g)).toEqual([
      ["46", "#1f6feb", "ready"],
      ["196", "#566173", "wanted"],
      ["346", "#d97706", "requests / 4 slots"],
      ["496", "#b3261e", "missed the goal"],
    ]);
  });
});
