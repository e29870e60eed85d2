import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { chooseModel, reportFiles } from "../../../operations/load/load";
import { arrivals, constant } from "../../../operations/load/profile";
import { htmlReport, loadReport } from "../../../operations/load/report";
import { send, type Outcome } from "../../../operations/load/request";
import { runLoad, type LoadOptions } from "../../../operations/load/run";
import { buckets, summarize } from "../../../operations/load/statistics";

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

const target = (url: string, stream = true) => ({
  url,
  key: "key",
  model: "m",
  stream,
  timeoutMs: 2000,
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
    const url = await served((_request, response) => {
      response.setHeader("x-litellm-model-id", "m-0");
      setTimeout(() => response.write(token("a")), 60);
      setTimeout(() => response.write(token("b")), 120);
      setTimeout(() => response.end(`${token("")}data: [DONE]\n\n`), 180);
    });
    const outcome = await send(target(url), ARRIVAL, context());
    expect(outcome).toMatchObject({ status: 200, tokens: 2, replica: "m-0", fallback: false });
    expect(outcome.error).toBeUndefined();
    expect(outcome.firstTokenMs).toBeGreaterThan(50);
    expect(outcome.interTokenMs).toBeGreaterThan(30);
    expect(outcome.totalMs).toBeGreaterThan(outcome.firstTokenMs ?? Infinity);
  });

  test("counts from the time at which it was to be sent, not from when it could be", async () => {
    const url = await served((_request, response) => response.end(`${token("a")}data: [DONE]\n\n`));
    const late = { ...context(), startedAt: performance.now() - 500 };
    expect((await send(target(url), ARRIVAL, late)).totalMs).toBeGreaterThanOrEqual(500);
  });

  test.each<[string, RequestListener, string]>([
    ["an error status", (_request, response) => response.writeHead(503).end("no"), "HTTP 503: no"],
    [
      "a stream that breaks off",
      (_request, response) => {
        response.write(token("a"));
        setTimeout(() => response.destroy(), 20);
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
    ["no answer in time", () => undefined, "no answer within 2 s"],
  ])("with %s has failed, and says so", async (_name, listener, error) => {
    const outcome = await send(target(await served(listener)), ARRIVAL, context());
    expect(outcome.error).toBe(error);
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

  test("does not wait for answers before it sends more", async () => {
    let most = 0;
    let now = 0;
    const url = await served((_request, response) => {
      most = Math.max(most, (now += 1));
      setTimeout(() => {
        now -= 1;
        response.end(`${token("a")}data: [DONE]\n\n`);
      }, 600);
    });
    const run = await runLoad(options(url), nothing);
    expect(summarize(run.outcomes, run.seconds)).toMatchObject({ requests: 20, failed: 0 });
    expect(most).toBe(20);
  });

  test("counts what it could not send as failed", async () => {
    const url = await served((_request, response) => {
      setTimeout(() => response.end(`${token("a")}data: [DONE]\n\n`), 600);
    });
    const run = await runLoad(options(url, { mostInFlight: 5 }), nothing);
    expect(run.outcomes).toHaveLength(20);
    expect(summarize(run.outcomes, run.seconds).errors).toEqual({
      "not sent: 5 requests were under way (--max-in-flight)": 15,
    });
  });

  test("that is interrupted ends at once and keeps what was answered", async () => {
    const url = await served((_request, response) => response.end(`${token("a")}data: [DONE]\n\n`));
    const interruption = new AbortController();
    setTimeout(() => {
      interruption.abort();
    }, 200);
    const load = options(url, {
      arrivals: arrivals(constant(10, 60), SIZE),
      signal: interruption.signal,
    });
    const run = await runLoad(load, nothing);
    expect(run.seconds).toBeLessThan(5);
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
