/** Schedules as KEDA's cron trigger reads them: five fields of robfig/cron. */
import { describe, expect, test } from "vitest";
import { clockOf, Cron, cronProblem, type Minute } from "../../../domain/cron";

/** Thursday the first of January, midnight, with changes. */
const at = (changes: Partial<Minute> = {}): Minute => ({
  minute: 0,
  hour: 0,
  day: 1,
  month: 1,
  weekday: 4,
  ...changes,
});

/** Values of a field that an expression names. */
function named(expression: string, field: keyof Minute, most: number): number[] {
  const cron = new Cron(expression);
  return Array.from({ length: most + 1 }, (_, value) => value).filter((value) =>
    cron.matches(at({ [field]: value })),
  );
}

describe("an expression names minutes", () => {
  test.each<[string, number[]]>([
    ["0 * * * *", [0]],
    ["0,15,59 * * * *", [0, 15, 59]],
    ["3-6 * * * *", [3, 4, 5, 6]],
    ["*/20 * * * *", [0, 20, 40]],
    ["50/4 * * * *", [50, 54, 58]],
    ["10-20/5 * * * *", [10, 15, 20]],
    ["  7   *  * * * ", [7]],
    ["1-2,2-3 * * * *", [1, 2, 3]],
  ])("%s", (expression, minutes) => {
    expect(named(expression, "minute", 59)).toEqual(minutes);
  });

  test.each<[string, keyof Minute, number[]]>([
    ["0 8-10 * * *", "hour", [8, 9, 10]],
    ["0 0 1,31 * *", "day", [1, 31]],
    ["0 0 * 1-3 *", "month", [1, 2, 3]],
    ["0 0 * dec *", "month", [12]],
    ["0 0 * JAN-feb *", "month", [1, 2]],
    ["0 0 * * 1-5", "weekday", [1, 2, 3, 4, 5]],
    ["0 0 * * sun", "weekday", [0]],
    ["0 0 * * Fri-Sat", "weekday", [5, 6]],
  ])("of a field of their own: %s", (expression, field, values) => {
    expect(named(expression, field, 40)).toEqual(values);
  });

  test("on either day where both are restricted, and on both where one is not", () => {
    const either = new Cron("0 0 13 * 5");
    expect(either.matches(at({ day: 13, weekday: 2 }))).toBe(true);
    expect(either.matches(at({ day: 12, weekday: 5 }))).toBe(true);
    expect(either.matches(at({ day: 12, weekday: 2 }))).toBe(false);
    expect(new Cron("0 0 13 * *").matches(at({ day: 12, weekday: 5 }))).toBe(false);
    expect(new Cron("0 0 * * 5").matches(at({ day: 13, weekday: 2 }))).toBe(false);
  });

  test("that all fields agree to", () => {
    const cron = new Cron("30 8 2 3 *");
    const right = { minute: 30, hour: 8, day: 2, month: 3 };
    expect(cron.matches(at(right))).toBe(true);
    for (const field of ["minute", "hour", "day", "month"] as const) {
      expect(cron.matches(at({ ...right, [field]: right[field] + 1 }))).toBe(false);
    }
  });
});

describe("what is no expression", () => {
  test.each([
    ["0 8 * *", 4],
    ["0 8 * * * *", 6],
    ["@daily", 1],
  ])("says how many fields %s has", (expression, count) => {
    expect(cronProblem(expression)).toBe(
      `is no schedule: "${expression}" has ${count} fields; write five, such as "0 8 * * 1-5"`,
    );
  });

  test.each([
    ["60 * * * *", "60", "minute", 0, 59],
    ["5x * * * *", "5x", "minute", 0, 59],
    ["x5 * * * *", "x5", "minute", 0, 59],
    ["1.5 * * * *", "1.5", "minute", 0, 59],
    ["-1 * * * *", "-1", "minute", 0, 59],
    ["5-3 * * * *", "5-3", "minute", 0, 59],
    ["1-3-5 * * * *", "1-3-5", "minute", 0, 59],
    ["1- * * * *", "1-", "minute", 0, 59],
    ["*/0 * * * *", "*/0", "minute", 0, 59],
    ["*/ * * * *", "*/", "minute", 0, 59],
    ["1, * * * *", "", "minute", 0, 59],
    ["0 24 * * *", "24", "hour", 0, 23],
    ["0 0 0 * *", "0", "day of the month", 1, 31],
    ["0 0 32 * *", "32", "day of the month", 1, 31],
    ["0 0 * 13 *", "13", "month", 1, 12],
    ["0 0 * mon *", "mon", "month", 1, 12],
    ["0 0 * * 7", "7", "day of the week", 0, 6],
    ["0 0 * * monday", "monday", "day of the week", 0, 6],
    ["0 0 * * jan", "jan", "day of the week", 0, 6],
  ])(
    "names the item of %s that is wrong, and what to write",
    (expression, item, field, least, most) => {
      expect(cronProblem(expression)).toBe(
        `is no schedule: "${expression}": "${item}" is no ${field}; write *, or numbers from ${least} to ${most}`,
      );
    },
  );

  test("has no problem where nothing is wrong", () => {
    expect(cronProblem("0 8 * * 1-5")).toBeUndefined();
  });
});

describe("the clock of a time zone", () => {
  test.each<[string, string, Minute]>([
    ["UTC", "2026-01-01T00:05:00Z", { minute: 5, hour: 0, day: 1, month: 1, weekday: 4 }],
    [
      "America/New_York",
      "2026-01-01T00:05:00Z",
      { minute: 5, hour: 19, day: 31, month: 12, weekday: 3 },
    ],
    ["Asia/Kolkata", "2026-07-04T20:00:00Z", { minute: 30, hour: 1, day: 5, month: 7, weekday: 0 }],
    [
      "Europe/Berlin",
      "2026-07-04T12:00:00Z",
      { minute: 0, hour: 14, day: 4, month: 7, weekday: 6 },
    ],
  ])("%s at %s", (zone, time, expected) => {
    expect(clockOf(zone)(new Date(time))).toEqual(expected);
  });

  test("of a place that is none is refused", () => {
    expect(() => clockOf("Moon/Base")).toThrow(RangeError);
  });
});
