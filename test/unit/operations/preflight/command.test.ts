/** What the command `preflight` prints, and which way it asks. */
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { EnvHttpProxyAgent, setGlobalDispatcher } from "undici";
import { preflightCommand } from "../../../../operations/preflight/command";
import type { PreflightOptions } from "../../../../operations/preflight/preflight";
import type { Result } from "../../../../operations/stack/checklist";

const run = vi.hoisted(() => ({
  asked: [] as PreflightOptions[],
  results: [] as Result[],
  starts: [] as string[],
}));
vi.mock("../../../../operations/preflight/preflight", () => ({
  preflight: (options: PreflightOptions) => {
    run.asked.push(options);
    run.starts.forEach((check) => options.onStart?.(check));
    return Promise.resolve(run.results);
  },
}));
vi.mock("undici", async (original) => ({
  ...(await original<object>()),
  setGlobalDispatcher: vi.fn(),
}));

const PROXIES = ["HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy"];
const PASS: Result = { check: "Zones", status: "pass", seen: "a, b" };
const FAIL: Result = { check: "Quota", status: "fail", seen: "0", remedy: "first line\nsecond" };
const WARN: Result = { check: "Version", status: "warn", seen: "old", remedy: "plan it" };

let printed: string[];
let progress: string[];
beforeEach(() => {
  printed = [];
  progress = [];
  vi.spyOn(console, "log").mockImplementation((text: string) => {
    printed.push(text);
  });
  vi.spyOn(process.stderr, "write").mockImplementation((text) => {
    progress.push(String(text));
    return true;
  });
  vi.mocked(setGlobalDispatcher).mockClear();
  Object.assign(run, { asked: [], results: [PASS], starts: [] });
  PROXIES.forEach((name) => vi.stubEnv(name, undefined));
});
afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

const { signal } = new AbortController();
const options = { stack: "dev", project: "/stacks", json: false, signal };

describe("the command", () => {
  test("checks the stack in its project's folder, and the cluster of a kubeconfig", async () => {
    await preflightCommand({ ...options, kubeconfig: "/kubeconfig" });
    expect(run.asked).toMatchObject([
      { stack: "dev", folder: "/stacks", kubeconfig: "/kubeconfig", signal },
    ]);
  });

  test("succeeds where nothing has failed, with a warning, too", async () => {
    run.results = [PASS, WARN];
    expect(await preflightCommand(options)).toBe(true);
    run.results = [PASS, FAIL];
    expect(await preflightCommand(options)).toBe(false);
  });

  test("prints a table, and below it what to do, line by line and ready to copy", async () => {
    run.results = [PASS, WARN, FAIL];
    await preflightCommand(options);
    const lines = printed.join("\n").split("\n");
    const end = lines.findLastIndex((line) => line.startsWith("└"));
    expect(lines.slice(end + 1)).toEqual([
      "warn: Version",
      "  plan it",
      "fail: Quota",
      "  first line",
      "  second",
    ]);
    expect(lines.slice(0, end).filter((line) => /│ (Zones|Version|Quota) /.test(line)).length).toBe(
      3,
    );
  });

  test("prints JSON and nothing else for a program", async () => {
    run.results = [PASS, FAIL];
    await preflightCommand({ ...options, json: true });
    expect(JSON.parse(printed.join("\n"))).toEqual([PASS, FAIL]);
    expect(printed.join("\n")).toContain('\n  {\n    "check": "Zones"');
  });

  test.each([
    [true, ["Zones ..."]],
    [false, []],
  ])("names each check while it runs, on a terminal (%s) alone", async (isTTY, shown) => {
    const before = Object.getOwnPropertyDescriptor(process.stderr, "isTTY");
    Object.defineProperty(process.stderr, "isTTY", { value: isTTY, configurable: true });
    run.starts = ["Zones"];
    try {
      await preflightCommand(options);
    } finally {
      Object.defineProperty(process.stderr, "isTTY", before ?? { value: undefined });
    }
    expect(progress.flatMap((text) => /\w+ \.\.\./.exec(text) ?? [])).toEqual(shown);
  });
});

describe("a proxy of the environment", () => {
  test.each(PROXIES)("in %s is the way of every request", async (name) => {
    vi.stubEnv(name, "http://proxy.test:3128");
    await preflightCommand(options);
    expect(setGlobalDispatcher).toHaveBeenCalledExactlyOnceWith(expect.any(EnvHttpProxyAgent));
  });

  test("that is not there changes nothing", async () => {
    await preflightCommand(options);
    expect(setGlobalDispatcher).not.toHaveBeenCalled();
  });
});
