import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { arrivals, constant, ramp, spike } from "../../../operations/load/profile";
import { parseTrace } from "../../../operations/load/trace";

const SIZE = { promptTokens: 8, outputTokens: 4 };

describe("arrivals", () => {
  test("of a constant rate are evenly spaced", () => {
    const times = arrivals(constant(4, 2), SIZE).map(({ atMs }) => atMs);
    expect(times).toEqual([0, 250, 500, 750, 1000, 1250, 1500, 1750]);
  });

  test("of a ramp come as often as the area below the rate says, and ever faster", () => {
    const times = arrivals(ramp(0, 10, 10), SIZE).map(({ atMs }) => atMs);
    expect(times).toHaveLength(50);
    // Half of the time has a quarter of the requests.
    expect(times.filter((atMs) => atMs < 5000)).toHaveLength(13);
  });

  test("of a spike keep the base rate before and after it", () => {
    const times = arrivals(spike(1, 30, { rate: 10, start: 10, seconds: 10 }), SIZE);
    const within = (from: number, to: number) =>
      times.filter(({ atMs }) => atMs >= from * 1000 && atMs < to * 1000).length;
    expect([within(0, 10), within(10, 20), within(20, 30)]).toEqual([10, 100, 10]);
  });

  test("refuse a spike that does not end within the load, and a load without end", () => {
    expect(() => spike(1, 30, { rate: 10, start: 25, seconds: 10 })).toThrow(
      "the spike ends after 35 s, the load after 30 s; write a longer --duration",
    );
    expect(() => arrivals(constant(1e6, 1e6), SIZE)).toThrow("the profile makes 1000000000000");
    expect(() => arrivals(constant(0.1, 1), SIZE)).toThrow("the profile makes 0 requests");
  });

  test("are in order, within the load and as many as the rates say, whatever the segments", () => {
    const segment = fc.record({
      seconds: fc.integer({ min: 1, max: 30 }),
      from: fc.integer({ min: 1, max: 50 }),
      to: fc.integer({ min: 1, max: 50 }),
    });
    fc.assert(
      fc.property(fc.array(segment, { minLength: 1, maxLength: 4 }), (segments) => {
        const times = arrivals(segments, SIZE).map(({ atMs }) => atMs);
        const seconds = segments.reduce((sum, entry) => sum + entry.seconds, 0);
        const area = segments.reduce(
          (sum, { seconds: length, from, to }) => sum + (length * (from + to)) / 2,
          0,
        );
        expect(times).toHaveLength(Math.floor(area + 1e-9));
        expect([...times].sort((left, right) => left - right)).toEqual(times);
        expect(times.at(-1)).toBeLessThanOrEqual(seconds * 1000 + 1e-6);
      }),
    );
  });
});

describe("a trace", () => {
  test("is read in the order of its times, with sizes of its own where it has them", () => {
    const text = '{"at": 2}\n\n{"at": 0.5, "promptTokens": 100, "outputTokens": 20}\n';
    expect(parseTrace(text, "t.jsonl", SIZE)).toEqual([
      { atMs: 500, promptTokens: 100, outputTokens: 20 },
      { atMs: 2000, ...SIZE },
    ]);
  });

  test.each([
    ['{"at": -1}', "t.jsonl:1: "],
    ['{"at": 1}\nnonsense', "t.jsonl:2: "],
    ['{"at": 1, "tokens": 5}', "Unrecognized key"],
    ["", "t.jsonl: has 0 requests"],
  ])("with %j is refused with its place", (text, message) => {
    expect(() => parseTrace(text, "t.jsonl", SIZE)).toThrow(message);
  });
});
