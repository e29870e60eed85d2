import { describe, expect, test, vi } from "vitest";
import { chooseModel, reportFiles } from "../../../operations/load/load";
import { arrivals, constant } from "../../../operations/load/profile";
import { htmlReport, loadReport } from "../../../operations/load/report";
import { runLoad, type LoadOptions, type LoadRun } from "../../../operations/load/run";
import { buckets, summarize } from "../../../operations/load/statistics";
import { EVENTUALLY } from "../../support/eventually";
import { outcomeAt, served, SIZE, target, token } from "../../support/loadTarget";

describe("the statistics", () => {
  test("count, and take latencies of successes alone", () => {
    const outcomes = [
      ...Array.from({ length: 99 }, (_, index) => outcomeAt(index, { replica: "a" })),
      outcomeAt(99, { totalMs: 900, replica: "b", fallback: true }),
      outcomeAt(100, { totalMs: 60_000, error: "HTTP 500", status: 500 }),
    ];
    const summary = summarize(outcomes, 10);
    expect(summary).toMatchObject({
      requests: 101,
      succeeded: 100,
      failed: 1,
      fallbacks: 1,
      byReplica: { a: 99, b: 1 },
      errors: { "HTTP 500": 1 },
      latencyMs: { p50: 100, p95: 100, max: 900 },
    });
    expect(summary.firstTokenMs).toBeUndefined();
  });

  test("put each request into the seconds in which it was to be sent", () => {
    const found = buckets(
      [
        outcomeAt(100, { replica: "a", firstTokenMs: 50 }),
        outcomeAt(4999, { totalMs: 300 }),
        outcomeAt(5000, { error: "x", replica: "a" }),
        // Sent in time and answered after the end belongs to the last one.
        outcomeAt(10_000),
      ],
      10,
      5,
    );
    const all = (ms: number) => ({ p50: ms, p95: ms, p99: ms, max: ms });
    expect(found).toEqual([
      {
        second: 0,
        sent: 2,
        failed: 0,
        latencyMs: { p50: 200, p95: 300, p99: 300, max: 300 },
        firstTokenMs: all(50),
        byReplica: { a: 1 },
      },
      { second: 5, sent: 2, failed: 1, latencyMs: all(100), byReplica: {} },
    ]);
  });
});

describe("a load", () => {
  const options = (url: string, changes: Partial<LoadOptions> = {}): LoadOptions => ({
    target: target(url),
    arrivals: arrivals(constant(50, 0.4), SIZE),
    mostInFlight: 100,
    observe: () => Promise.resolve([]),
    observeSeconds: 1,
    signal: new AbortController().signal,
    ...changes,
  });
  const nothing = () => undefined;

  /** A load that goes on while the test looks at it. */
  function begin(load: LoadOptions) {
    const runs: LoadRun[] = [];
    const ended = runLoad(load, (run) => runs.push(run));
    const [started] = runs;
    if (started === undefined) {
      throw new Error("the load has not started");
    }
    return { started, ended };
  }

  test("does not wait for answers before it sends more", async () => {
    // Nobody is answered before all have asked.
    const waiting: (() => void)[] = [];
    const url = await served((_request, response) => {
      waiting.push(() => response.end(`${token("a")}data: [DONE]\n\n`));
      if (waiting.length === 20) {
        waiting.forEach((answer) => {
          answer();
        });
      }
    });
    const run = await runLoad(options(url), nothing);
    expect(summarize(run.outcomes, run.seconds)).toMatchObject({ requests: 20, failed: 0 });
  });

  test("counts what it could not send as failed", async () => {
    const waiting: (() => void)[] = [];
    const url = await served((_request, response) => {
      waiting.push(() => response.end(`${token("a")}data: [DONE]\n\n`));
    });
    const { started, ended } = begin(options(url, { mostInFlight: 5 }));
    await vi.waitFor(() => {
      expect(started.outcomes).toHaveLength(15);
      expect(waiting).toHaveLength(5);
    }, EVENTUALLY);
    waiting.forEach((answer) => {
      answer();
    });
    const run = await ended;
    expect(run.outcomes).toHaveLength(20);
    expect(summarize(run.outcomes, run.seconds).errors).toEqual({
      "not sent: 5 requests were under way (--max-in-flight)": 15,
    });
  });

  test("that is interrupted ends at once and keeps what was answered", async () => {
    const url = await served((_request, response) => response.end(`${token("a")}data: [DONE]\n\n`));
    const interruption = new AbortController();
    const hour = arrivals(constant(10, 3600), SIZE);
    const { started, ended } = begin(options(url, { arrivals: hour, signal: interruption.signal }));
    await vi.waitFor(() => {
      expect(started.outcomes.length).toBeGreaterThan(0);
    }, EVENTUALLY);
    interruption.abort();
    const run = await ended;
    expect(run.outcomes.length).toBeLessThan(hour.length);
    expect(run.outcomes.length).toBeGreaterThan(0);
    expect(run.outcomes.every(({ error }) => error === undefined)).toBe(true);
  });

  test("makes a page that holds everything it shows", async () => {
    const url = await served((_request, response) => response.writeHead(500).end("</script>"));
    const run = await runLoad(options(url), nothing);
    const plan = { model: "m", profile: "50 requests/s", route: url, streaming: true };
    const page = await htmlReport(loadReport(run, plan, false));
    const data = /<script id="data"[^>]*>([^<]*)<\/script>/.exec(page)?.[1] ?? "";
    expect(JSON.parse(data)).toMatchObject({ summary: { requests: 20, failed: 20 } });
    expect(page).toContain("uPlot");
    expect(page).not.toMatch(/\b(src|href)=/);
    expect(page).not.toMatch(/\/\*(STYLE|LIBRARY|SCRIPT|DATA)\*\//);
  });
});

describe("the reports of a load", () => {
  test("lie beside each other", () => {
    expect(reportFiles("out/a.b.html")).toEqual({ html: "out/a.b.html", json: "out/a.b.json" });
    expect(reportFiles("report")).toEqual({ html: "report", json: "report.json" });
  });

  test.each(["report.json", ".", ""])("are refused at '%s', which names no HTML file", (path) => {
    expect(() => reportFiles(path)).toThrow(`--report ${path}: names no HTML file`);
  });
});

describe("the model of a load", () => {
  test("is the first Llama, or the one that is named", () => {
    expect(chooseModel(["vllm/qwen", "vllm/llama-3"], undefined)).toBe("vllm/llama-3");
    expect(chooseModel(["vllm/qwen", "vllm/llama-3"], "vllm/qwen")).toBe("vllm/qwen");
  });

  test("is refused with the names that there are", () => {
    expect(() => chooseModel(["vllm/qwen"], undefined)).toThrow(
      "no Llama model is served; write --model with one of vllm/qwen",
    );
    expect(() => chooseModel(["vllm/qwen"], "gpt")).toThrow("--model gpt is not served");
  });
});
