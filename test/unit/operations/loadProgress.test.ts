import { Writable } from "node:stream";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { progressLine, showProgress, summaryTable } from "../../../operations/load/progress";
import { loadReport } from "../../../operations/load/report";
import type { LoadRun, Observation } from "../../../operations/load/run";
import type { WorkloadState } from "../../../operations/stack/platformState";
import { outcomeAt } from "../../support/loadTarget";

const llama: WorkloadState = {
  name: "llama",
  kind: "StatefulSet",
  namespace: "vllm",
  autoscaler: "llama",
  minimum: 1,
  maximum: 4,
  wanted: 3,
  ready: 2,
  phase: undefined,
  metrics: [
    { name: "cpu", kind: "utilization", target: 70, current: 91 },
    { name: "memory", kind: "utilization", target: 80, current: 40 },
  ],
  limits: [],
};

const seen = (second: number, changes: Partial<WorkloadState> = {}): Observation => ({
  second,
  workloads: [{ ...llama, ...changes }],
});

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

const run = (changes: Partial<LoadRun> = {}): Mutable<LoadRun> => ({
  startedAt: new Date("2026-01-02T03:04:05Z"),
  outcomes: [],
  observations: [],
  inFlight: 0,
  seconds: 0,
  blind: undefined,
  ...changes,
});

describe("the line of progress", () => {
  test("says the time, what was sent and answered, the latencies, and each workload with its first metric", () => {
    const line = progressLine(
      run({
        seconds: 75.9,
        inFlight: 2,
        outcomes: [
          outcomeAt(70_000, { totalMs: 400 }),
          outcomeAt(71_000, { totalMs: 1600 }),
          outcomeAt(72_000, { totalMs: 0, error: "HTTP 503" }),
        ],
        observations: [seen(2, { ready: 1 }), seen(74)],
      }),
      40,
    );
    expect(line).toBe(
      "01:15  5/40 sent  2 in flight  66.7 % ok  p50 1.00 s p95 1.60 s  llama 2 (cpu 91/70 %)",
    );
  });

  test("before the first answer shows dashes in the place of shares and latencies", () => {
    expect(progressLine(run({ inFlight: 1 }), 10)).toBe(
      "00:00  1/10 sent  1 in flight  - % ok  p50 - p95 -",
    );
  });

  test("takes its latencies from answers of the last ten seconds, by when these ended", () => {
    const outcomes = [
      outcomeAt(0, { totalMs: 5000, firstTokenMs: 4000 }),
      outcomeAt(15_000, { totalMs: 4999, firstTokenMs: 3000 }),
      outcomeAt(15_000, { totalMs: 5000, firstTokenMs: 250 }),
    ];
    expect(progressLine(run({ seconds: 30, outcomes }), 3)).toContain(
      "p50 5.00 s p95 5.00 s  first token p50 0.250 s",
    );
  });

  test("counts the share of successes over the whole run", () => {
    const shown = run({
      seconds: 60,
      outcomes: [outcomeAt(0, { totalMs: 1, error: "no" }), outcomeAt(0, { totalMs: 1 })],
    });
    expect(progressLine(shown, 2)).toContain("50.0 % ok  p50 - p95 -");
  });

  test.each(["asleep", "waking", "paused"] as const)(
    "says that a workload is %s instead of its metric",
    (phase) => {
      expect(progressLine(run({ observations: [seen(0, { ready: 0, phase })] }), 1)).toMatch(
        new RegExp(` {2}llama 0 \\(${phase}\\)$`),
      );
    },
  );

  test("says nothing beside the number of pods where the autoscaler has no metric", () => {
    const observations = [seen(0, { metrics: [] })];
    expect(progressLine(run({ observations }), 1)).toMatch(/ {2}llama 2$/);
  });

  test("says why the cluster cannot be looked at, in a line, and not what was seen before", () => {
    const line = progressLine(
      run({ observations: [seen(0)], blind: "connection refused\n    at somewhere" }),
      1,
    );
    expect(line).toMatch(/ {2}cluster: connection refused$/);
    expect(line).not.toContain("llama");
  });
});

/** Where progress is written; a terminal or a file. */
class Screen extends Writable {
  public text = "";
  public readonly columns = 200;
  public constructor(public readonly isTTY: boolean) {
    super();
  }
  public override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.text += chunk.toString("utf8");
    done();
  }
  public lines(): string[] {
    return this.text.split("\n").slice(0, -1);
  }
}

describe("progress", () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  /** Lets so many seconds of a run go by. */
  const pass = (shown: Mutable<LoadRun>, until: number) => {
    while (shown.seconds < until) {
      shown.seconds += 0.5;
      vi.advanceTimersByTime(500);
    }
  };
  const started = (shown: LoadRun, screen: Screen) =>
    showProgress(shown, 100, screen as unknown as NodeJS.WriteStream);

  test("in a file is a line every ten seconds, the pods every thirty, and both at the end", () => {
    const screen = new Screen(false);
    const shown = run({ observations: [seen(0)] });
    const finish = started(shown, screen);
    pass(shown, 35);
    finish();
    const times = screen.lines().map((line) => line.replace(/^(\d\d:\d\d {2})(pods|\d).*/, "$1$2"));
    expect(times).toEqual([
      "00:01  pods",
      "00:01  0",
      "00:10  0",
      "00:20  0",
      "00:30  pods",
      "00:30  0",
      "00:35  0",
      "00:35  pods",
    ]);
    expect(screen.lines()[0]).toBe("00:01  pods: llama 2 of 3");
  });

  test("has ended with the run: nothing is written afterwards", () => {
    const screen = new Screen(false);
    const shown = run();
    const finish = started(shown, screen);
    finish();
    const length = screen.text.length;
    pass(shown, 60);
    expect(screen.text).toHaveLength(length);
  });

  test("counts no pods before they were seen, and says so at the end", () => {
    const screen = new Screen(false);
    const shown = run();
    const finish = started(shown, screen);
    pass(shown, 5);
    expect(screen.text).not.toContain("pods");
    finish();
    expect(screen.lines().at(-1)).toBe("00:05  pods: not known (no answer yet)");
  });

  test("says at the end why the pods are not known", () => {
    const screen = new Screen(false);
    started(run({ blind: "forbidden" }), screen)();
    expect(screen.lines().at(-1)).toBe("00:00  pods: not known (forbidden)");
  });

  test("names every workload with what it waits for", () => {
    const screen = new Screen(false);
    const gateway = { ...llama, name: "litellm", wanted: 2 };
    const asleep = { ...llama, ready: 0, wanted: 0, phase: "asleep" as const };
    const observations = [{ second: 0, workloads: [asleep, gateway] }];
    started(run({ observations }), screen)();
    expect(screen.lines().at(-1)).toBe("00:00  pods: llama 0 of 0 (asleep), litellm 2 of 2");
  });

  test("on a terminal is one line that is written over, twice a second", () => {
    const screen = new Screen(true);
    const shown = run({ observations: [seen(0)] });
    const finish = started(shown, screen);
    shown.inFlight = 1;
    pass(shown, 0.5);
    expect(screen.text).toContain("1/100 sent");
    shown.inFlight = 2;
    pass(shown, 1);
    expect(screen.text).toContain("2/100 sent");
    // The cursor goes back to where the line before began.
    expect(screen.text.split("2/100 sent")[0]).toContain("\u001B[2K");
    const before = screen.text.length;
    finish();
    expect(screen.text.slice(before)).toContain("\u001B[2K");
    expect(screen.lines().slice(-2)).toEqual([
      expect.stringContaining("00:01  2/100 sent"),
      "00:01  pods: llama 2 of 3",
    ]);
  });
});

describe("the summary", () => {
  const plan = { model: "vllm/llama", profile: "", route: "", streaming: true };
  const cells = (text: string) =>
    text
      .split("\n")
      .map((line) =>
        line
          .split(/[│|]| {2,}/)
          .map((cell) => cell.trim())
          .filter((cell) => cell !== ""),
      )
      .filter((row) => row.length > 1);

  test("has the requests, a row for each latency, each workload, the replicas and the failures", () => {
    const outcomes = [
      outcomeAt(0, { totalMs: 400, replica: "llama-0", firstTokenMs: 100, interTokenMs: 20 }),
      outcomeAt(1000, {
        totalMs: 1600,
        replica: "llama-1",
        fallback: true,
        firstTokenMs: 300,
        interTokenMs: 40,
      }),
      outcomeAt(2000, { totalMs: 0, error: "HTTP 503: no" }),
      outcomeAt(2000, { totalMs: 0, error: "HTTP 503: no" }),
    ];
    const observations = [
      seen(0, { wanted: 0, ready: 0, phase: "asleep" }),
      seen(10, { wanted: 1, ready: 0, phase: "waking" }),
      seen(40, { wanted: 2, ready: 2 }),
    ];
    const text = summaryTable(
      loadReport(run({ seconds: 60, outcomes, observations }), plan, false),
    );
    expect(text.split("\n")[0]).toBe(
      "vllm/llama: 4 requests in 60 s, 2 succeeded (50.00 %), 1 by a fallback",
    );
    expect(cells(text)).toEqual(
      expect.arrayContaining([
        ["p50", "p95", "p99", "max"],
        ["latency", "1.00 s", "1.60 s", "1.60 s", "1.60 s"],
        ["first token", "0.200 s", "0.300 s", "0.300 s", "0.300 s"],
        ["between tokens", "0.030 s", "0.040 s", "0.040 s", "0.040 s"],
        ["Workload", "Wanted", "Ready", "Fewer than wanted", "Asleep", "Woke in"],
        ["llama", "0-2", "0-2", "30 s", "10 s", "30 s"],
      ]),
    );
    expect(text.split("\n").slice(-2)).toEqual([
      "by replica: llama-0 1, llama-1 1",
      "failed 2: HTTP 503: no",
    ]);
  });

  test("leaves out what nobody measured", () => {
    const text = summaryTable(loadReport(run({ seconds: 5 }), plan, false));
    expect(text).toContain("by replica: the gateway does not say");
    for (const left of ["latency", "first token", "between tokens", "Workload", "failed"]) {
      expect(text).not.toContain(left);
    }
  });

  test("has one number where the replicas never changed, and no sleep where there was none", () => {
    const observations = [seen(0, { ready: 3 }), seen(10, { ready: 3 })];
    const text = summaryTable(loadReport(run({ seconds: 10, observations }), plan, false));
    const row = cells(text).find(([name]) => name === "llama");
    expect(row?.join()).toBe("llama,3,3,0 s,-,-");
  });
});
