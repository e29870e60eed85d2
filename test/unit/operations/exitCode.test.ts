/** What a shell or a pipeline learns of a command. */
import { describe, expect, test, vi } from "vitest";
import { loadSucceeded } from "../../../operations/load/load";
import { summarize, type Summary } from "../../../operations/load/statistics";
import { succeeded, type Result } from "../../../operations/stack/checklist";
import { exitCodeOf, exitCodeOfWork } from "../../../operations/stack/exitCode";

describe("the exit code", () => {
  test("is 0 for success and 1 for failure", () => {
    expect([exitCodeOf(true), exitCodeOf(false)]).toEqual([0, 1]);
  });

  test.each([
    [true, 0],
    [false, 1],
  ])("of work that ends in %s is %i, and the connection is closed after it", async (end, code) => {
    const close = vi.fn();
    const work = vi.fn(() => {
      expect(close).not.toHaveBeenCalled();
      return Promise.resolve(end);
    });
    expect(await exitCodeOfWork({ close }, work)).toBe(code);
    expect(work).toHaveBeenCalledTimes(1);
    expect(close).toHaveBeenCalledTimes(1);
  });

  test("is left to whoever catches what work throws; the connection is closed", async () => {
    const close = vi.fn();
    const work = () => Promise.reject(new Error("unreachable"));
    await expect(exitCodeOfWork({ close }, work)).rejects.toThrow("unreachable");
    expect(close).toHaveBeenCalledTimes(1);
  });
});

describe("a load", () => {
  const outcome = { atMs: 0, totalMs: 1, tokens: 1, status: 200, fallback: false };
  const report = (good: number, bad: number): { readonly summary: Summary } => ({
    summary: summarize(
      [
        ...Array.from({ length: good }, () => outcome),
        ...Array.from({ length: bad }, () => ({ ...outcome, error: "no" })),
      ],
      1,
    ),
  });

  test.each([
    [100, 0, 100, true],
    [99, 1, 99, true],
    [98, 2, 99, false],
    [99, 1, 100, false],
    [0, 1, 1, false],
    [0, 0, 1, false],
  ])(
    "of %i answered and %i failed requests at --min-success %i: %s",
    (good, bad, least, enough) => {
      expect(loadSucceeded(report(good, bad), least)).toBe(enough);
    },
  );
});

describe("a checklist", () => {
  const result = (status: Result["status"]): Result => ({ check: "c", status, seen: "" });
  test.each<[Result["status"], boolean]>([
    ["pass", true],
    ["warn", true],
    ["skipped", true],
    ["fail", false],
  ])("with a check that ends in %s: %s", (status, good) => {
    expect(succeeded([result("pass"), result(status), result("pass")])).toBe(good);
  });
});
