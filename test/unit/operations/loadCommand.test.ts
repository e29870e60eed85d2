/** What `operations load` does around a run: what it asks for, writes, prints and returns. The run itself is in load.test.ts. */
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { load, loadSucceeded, type LoadSettings } from "../../../operations/load/load";
import type { Outcome } from "../../../operations/load/request";
import type { LoadOptions, LoadRun } from "../../../operations/load/run";
import { GatewayClient } from "../../../operations/stack/gatewayClient";
import { serveKubernetes } from "../../support/kubernetesApi";
import { autoscaler, GATEWAY_NAMESPACE, MODEL_NAMESPACE, PATHS } from "../../support/liveObjects";
import { outcomeAt } from "../../support/loadTarget";
import { stubConnection } from "../../support/stubConnection";
import { serveGateway } from "../../support/stubGateway";

const started: LoadOptions[] = [];
let outcomes: readonly Outcome[] = [];
vi.mock("../../../operations/load/run", () => ({
  runLoad: (options: LoadOptions, onStart: (run: LoadRun) => void): Promise<LoadRun> => {
    started.push(options);
    const run = {
      startedAt: new Date("2026-01-02T03:04:05Z"),
      outcomes,
      observations: [],
      inFlight: 0,
      seconds: 60,
      blind: undefined,
    };
    onStart(run);
    return Promise.resolve(run);
  },
}));

const MODEL = "vllm/llama";
const closing: (() => Promise<void>)[] = [];
const printed = { out: "", error: "", progress: "" };
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "load-command-"));
  closing.push(() => rm(folder, { recursive: true }));
  started.length = 0;
  Object.assign(printed, { out: "", error: "", progress: "" });
  vi.spyOn(console, "log").mockImplementation((text: string) => void (printed.out += `${text}\n`));
  vi.spyOn(console, "error").mockImplementation((text: string) => void (printed.error += text));
  vi.spyOn(process.stderr, "write").mockImplementation((text) => {
    printed.progress += String(text);
    return true;
  });
  // Six that had the model for themselves, each with two tokens or more, and one that failed.
  outcomes = Array.from({ length: 7 }, (_, index) =>
    outcomeAt(index * 1000, {
      totalMs: 500,
      firstTokenMs: 200,
      interTokenMs: 40,
      ...(index === 6 ? { error: "HTTP 503: no" } : {}),
    }),
  );
});
afterEach(async () => {
  vi.restoreAllMocks();
  for (const close of closing.splice(0)) {
    await close();
  }
});

const settings = (changes: Partial<LoadSettings> = {}): LoadSettings => ({
  rate: 1,
  duration: 7,
  promptTokens: 16,
  outputTokens: 8,
  stream: true,
  timeout: 30,
  maxInFlight: 99,
  report: join(folder, "reports", "of-today.html"),
  minSuccess: 80,
  ...changes,
});

async function commanded(
  changes: Partial<LoadSettings> = {},
  signal = new AbortController().signal,
) {
  const gateway = await serveGateway(({ path }) =>
    path === "/v1/models" ? { data: [{ id: "vllm/qwen" }, { id: MODEL }] } : undefined,
  );
  const api = await serveKubernetes({
    [PATHS.autoscalers(GATEWAY_NAMESPACE)]: [autoscaler("litellm-hpa")],
    [PATHS.autoscalers(MODEL_NAMESPACE)]: [],
    [PATHS.pods(GATEWAY_NAMESPACE)]: [],
    [PATHS.pods(MODEL_NAMESPACE)]: [],
  });
  closing.push(
    () => gateway.close(),
    () => api.close(),
  );
  const url = `http://127.0.0.1:${gateway.port}`;
  const connection = {
    ...stubConnection(api.config),
    gateway: new GatewayClient(url, "sk-master"),
    route: "the load balancer",
  };
  return { url, gateway, succeeded: () => load(connection, settings(changes), signal) };
}

const written = async (name: string): Promise<unknown> =>
  JSON.parse(await readFile(join(folder, name), "utf8"));

describe("operations load", () => {
  test("sends the profile to the model, and watches both namespaces every two seconds", async () => {
    const { url, succeeded } = await commanded({ stream: false });
    await succeeded();
    expect(started).toHaveLength(1);
    expect(started[0]).toMatchObject({
      target: { url, key: "sk-master", model: MODEL, stream: false, timeoutMs: 30_000 },
      mostInFlight: 99,
      observeSeconds: 2,
    });
    expect(started[0]?.arrivals).toHaveLength(7);
    expect(await started[0]?.observe()).toMatchObject([
      { name: "litellm", autoscaler: "litellm-hpa" },
    ]);
  });

  test("says first what it will do and how to end it, then how far it is", async () => {
    await (await commanded()).succeeded();
    expect(printed.progress.split("\n")[0]).toBe(
      `1 requests/s for 7 s on ${MODEL} through the load balancer; Ctrl-C ends it and writes the report`,
    );
    expect(printed.progress).toContain("7/7 sent");
  });

  test("writes both reports into a folder that it makes, and prints the summary with where they are", async () => {
    expect(await (await commanded()).succeeded()).toBe(true);
    expect(await written("reports/of-today.json")).toMatchObject({
      plan: {
        model: MODEL,
        profile: "1 requests/s for 7 s",
        route: "the load balancer",
        streaming: true,
      },
      startedAt: "2026-01-02T03:04:05.000Z",
      interrupted: false,
      summary: { requests: 7, succeeded: 6 },
    });
    expect(await readFile(join(folder, "reports", "of-today.html"), "utf8")).toContain("<html");
    expect(printed.out).toContain(`${MODEL}: 7 requests in 60 s, 6 succeeded`);
    expect(printed.out).toContain(
      `report: ${join(folder, "reports", "of-today.html")} and ${join(folder, "reports", "of-today.json")}`,
    );
    expect(printed.error).toBe("");
    expect(await readdir(folder)).toEqual(["reports"]);
  });

  test("that was interrupted says so in its report", async () => {
    await (await commanded({}, AbortSignal.abort())).succeeded();
    expect(await written("reports/of-today.json")).toMatchObject({ interrupted: true });
  });

  test("with fewer successes than --min-success fails, with its report", async () => {
    expect(await (await commanded({ minSuccess: 90 })).succeeded()).toBe(false);
    expect(printed.error).toBe(
      "error: 85.71 % of the requests succeeded, less than --min-success 90",
    );
    expect(await written("reports/of-today.json")).toMatchObject({ summary: { failed: 1 } });
  });

  test.each([
    [85.7, true],
    [90, true],
    [90.1, false],
  ])("with 90 percent of successes and --min-success %d succeeds: %s", (least, expected) => {
    expect(loadSucceeded({ summary: { successPercent: 90 } }, least)).toBe(expected);
  });

  test("with --calibrate writes the model's times beside the reports", async () => {
    const calibrate = join(folder, "times.json");
    await (await commanded({ calibrate })).succeeded();
    expect(await written("times.json")).toEqual({
      model: MODEL,
      measuredAt: "2026-01-02T03:04:05.000Z",
      answers: 6,
      firstTokenSeconds: 0.2,
      perPromptTokenSeconds: 0,
      perOutputTokenSeconds: 0.04,
    });
    expect(printed.out).toContain(`calibration: ${calibrate}, for operations plan --calibration`);
  });

  test("with too few answers for --calibrate has written its reports when it says so", async () => {
    outcomes = outcomes.slice(3);
    const { succeeded } = await commanded({ calibrate: join(folder, "times.json") });
    await expect(succeeded()).rejects.toThrow("--calibrate: 3 answers of 4");
    expect((await readdir(join(folder, "reports"))).sort()).toEqual([
      "of-today.html",
      "of-today.json",
    ]);
  });

  test.each<[string, Partial<LoadSettings>, string]>([
    [
      "--calibrate without streams",
      { calibrate: "times.json", stream: false },
      "--calibrate needs streamed answers; leave --no-stream out",
    ],
    [
      "two profiles",
      { rampTo: 2, spikeTo: 3 },
      "--ramp-to, --spike-to and --trace exclude each other; give one of them",
    ],
    [
      "a report that is no page",
      { report: "report.json" },
      "--report report.json: names no HTML file; write for example load-report.html",
    ],
    [
      "a model that is not served",
      { model: "gpt" },
      "--model gpt is not served; write --model with one of vllm/qwen, vllm/llama",
    ],
  ])("refuses %s before anything is sent", async (_what, changes, message) => {
    await expect((await commanded(changes)).succeeded()).rejects.toThrow(message);
    expect(started).toEqual([]);
    expect(printed.progress).toBe("");
  });
});
