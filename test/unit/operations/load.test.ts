import { createServer, type RequestListener, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, test, vi } from "vitest";
import { chooseModel, reportFiles } from "../../../operations/load/load";
import { arrivals, constant } from "../../../operations/load/profile";
import { htmlReport, loadReport } from "../../../operations/load/report";
import { send, type Outcome } from "../../../operations/load/request";
import { runLoad, type LoadOptions, type LoadRun } from "../../../operations/load/run";
import { buckets, summarize } from "../../../operations/load/statistics";
import { EVENTUALLY } from "../../support/eventually";

const SIZE = { promptTokens: 8, outputTokens: 4 };
const open: (() => void)[] = [];
afterEach(() => {
  open.splice(0).forEach((close) => {
    close();
  });
});

async function served(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  open.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const target = (url: string, timeoutMs = 60_000) => ({
  url,
  key: "key",
  model: "m",
  stream: true,
  timeoutMs,
});
const context = () => ({
  startedAt: performance.now(),
  number: "1",
  signal: new AbortController().signal,
});
const ARRIVAL = { atMs: 0, ...SIZE };
const token = (content: string) =>
  `data: ${JSON.stringify({ choices: [{ delta: { content } }] })}\n\n`;

describe("a request", () => {
  test("that is streamed is measured to its first token and between tokens", async () => {
    let answered = (_response: ServerResponse): void => undefined;
    const response = new Promise<ServerResponse>((resolve) => {
      answered = resolve;
    });
    const url = await served((_request, stream) => {
      stream.setHeader("x-litellm-model-id", "m-0");
      stream.flushHeaders();
      answered(stream);
    });
    // The test moves this clock, and only once the client has read it for the token before.
    let now = 1000;
    const clock = vi.fn(() => now);
    const reads = (count: number) =>
      vi.waitFor(() => {
        expect(clock).toHaveBeenCalledTimes(count);
      }, EVENTUALLY);
    const sent = send(target(url), ARRIVAL, { ...context(), startedAt: now, clock });
    const stream = await response;
    now += 60;
    stream.write(token("a"));
    await reads(1);
    now += 30;
    stream.write(token("b"));
    await reads(2);
    now += 50;
    stream.write(token("c"));
    await reads(3);
    now += 7;
    stream.end(`${token("")}data: [DONE]\n\n`);
    const outcome = await sent;
    expect(outcome).toMatchObject({ status: 200, tokens: 3, replica: "m-0", fallback: false });
    expect(outcome.error).toBeUndefined();
    expect(outcome).toMatchObject({ firstTokenMs: 60, interTokenMs: 40, totalMs: 147 });
  });

  test("counts from the time at which it was to be sent, not from when it could be", async () => {
    const url = await served((_request, response) => response.end(`${token("a")}data: [DONE]\n\n`));
    const late = { ...context(), startedAt: 1000, clock: () => 1600 };
    const { totalMs } = await send(target(url), { ...ARRIVAL, atMs: 100 }, late);
    expect(totalMs).toBe(500);
  });

  test.each<[string, RequestListener, string]>([
    ["an error status", (_request, response) => response.writeHead(503).end("no"), "HTTP 503: no"],
    [
      "a stream that breaks off",
      (_request, response) => {
        response.write(token("a"), () => response.destroy());
      },
      "aborted",
    ],
    [
      "a stream without its end",
      (_request, response) => response.end(token("a")),
      "the stream ended without [DONE]",
    ],
    [
      "an error within the stream",
      (_request, response) =>
        response.end('data: {"error": {"message": "model died"}}\n\ndata: [DONE]\n\n'),
      "model died",
    ],
    [
      "a chunk that is no JSON",
      (_request, response) => response.end("data: {\n\ndata: [DONE]\n\n"),
      "unknown chunk {",
    ],
  ])("with %s has failed, and says so", async (_name, listener, error) => {
    const outcome = await send(target(await served(listener)), ARRIVAL, context());
    expect(outcome.error).toBe(error);
  });

  test("without an answer in its time has failed, and says so", async () => {
    const url = await served(() => undefined);
    const outcome = await send(target(url, 100), ARRIVAL, context());
    expect(outcome.error).toBe("no answer within 0.1 s");
  });
});

const outcomeAt = (atMs: number, changes: Partial<Outcome> = {}): Outcome => ({
  atMs,
  totalMs: 100,
  tokens: 4,
  status: 200,
  fallback: false,
  ...changes,
});

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
      [outcomeAt(100), outcomeAt(4999), outcomeAt(5000, { error: "x" })],
      10,
      5,
    );
    expect(found.map(({ second, sent, failed }) => [second, sent, failed])).toEqual([
      [0, 2, 0],
      [5, 1, 1],
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
