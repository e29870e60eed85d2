/** How a list of checks is run, and what a person reads of it. */
import { describe, expect, test } from "vitest";
import { UserError } from "../../../domain/failure";
import {
  fail,
  pass,
  resultTable,
  runChecklist,
  skipped,
  verdict,
  warn,
  type Check,
  type Finding,
} from "../../../operations/stack/checklist";
import { table } from "../../../operations/stack/table";

const check = (name: string, run: () => Promise<Finding>): Check<string> => ({ name, run });

describe("a checklist", () => {
  test("asks every check about the subject, in order, and tells of each before it runs", async () => {
    const log: string[] = [];
    const one = (name: string): Check<string> => ({
      name,
      run: (subject) => {
        log.push(`${name} looks at ${subject}`);
        return Promise.resolve(pass(`${name} is fine`));
      },
    });
    const results = await runChecklist([one("first"), one("second")], "dev", {
      signal: new AbortController().signal,
      remedy: () => "do something",
      onStart: (name) => log.push(`${name} starts`),
    });
    expect(log).toEqual([
      "first starts",
      "first looks at dev",
      "second starts",
      "second looks at dev",
    ]);
    expect(results).toEqual([
      { check: "first", status: "pass", seen: "first is fine" },
      { check: "second", status: "pass", seen: "second is fine" },
    ]);
  });

  test("goes on after a check that throws, which has failed with what it threw and its cause", async () => {
    const thrown = new Error("no answer", { cause: new Error("ECONNREFUSED") });
    const results = await runChecklist(
      [
        check("broken", () => Promise.reject(thrown)),
        check("fine", () => Promise.resolve(pass("yes"))),
      ],
      "dev",
      {
        signal: new AbortController().signal,
        remedy: (error) => (error === thrown ? "start the server" : "?"),
      },
    );
    expect(results).toEqual([
      {
        check: "broken",
        status: "fail",
        seen: "no answer: ECONNREFUSED",
        remedy: "start the server",
      },
      { check: "fine", status: "pass", seen: "yes" },
    ]);
  });

  test("keeps the remedy of what it throws, where that has one", async () => {
    const thrown = new UserError("no stack file", "write Pulumi.dev.yaml");
    const results = await runChecklist([check("file", () => Promise.reject(thrown))], "dev", {
      signal: new AbortController().signal,
      remedy: () => "see the log",
    });
    expect(results).toMatchObject([
      { status: "fail", seen: "no stack file", remedy: "write Pulumi.dev.yaml" },
    ]);
  });

  test("that is interrupted skips what it has not begun, and says so", async () => {
    const interruption = new AbortController();
    const started: string[] = [];
    const results = await runChecklist(
      [
        check("running", () => {
          interruption.abort();
          return Promise.resolve(pass("done"));
        }),
        check("later", () => Promise.reject(new Error("was run"))),
      ],
      "dev",
      {
        signal: interruption.signal,
        remedy: () => "",
        onStart: (name) => started.push(name),
      },
    );
    expect(results).toEqual([
      { check: "running", status: "pass", seen: "done" },
      { check: "later", status: "skipped", seen: "interrupted" },
    ]);
    expect(started).toEqual(["running"]);
  });
});

test("a list of problems is one failure that names them all, none of them a pass", () => {
  expect(verdict(["a is down", "b is down"], "all up", "start them")).toEqual({
    status: "fail",
    seen: "a is down; b is down",
    remedy: "start them",
  });
  expect(verdict([], "all up", "start them")).toEqual({ status: "pass", seen: "all up" });
});

test("a person reads of each check its name, its result, what was seen and what to do", () => {
  const text = resultTable([
    { check: "Pods", ...pass("all ready") },
    { check: "Quota", ...warn("1 left", "ask for more") },
    { check: "Database", ...fail("no answer", "look at its log") },
    { check: "Key", ...skipped("not asked") },
  ]);
  const cells = text.split("\n").flatMap((line) => {
    const [, ...row] = line.split("│").map((cell) => cell.trim());
    return row.length > 1 ? [row.slice(0, 4)] : [];
  });
  expect(cells).toEqual([
    ["Check", "Result", "Seen", "What to do"],
    ["Pods", "pass", "all ready", ""],
    ["Quota", "warn", "1 left", "ask for more"],
    ["Database", "fail", "no answer", "look at its log"],
    ["Key", "skipped", "not asked", ""],
  ]);
  // Colors would stand in the way of a pipeline.
  expect(text).not.toContain("\u001b");
});

test("long words of a result are wrapped between words within the table's width", () => {
  const seen = Array.from({ length: 30 }, (_, index) => `word${index}`).join(" ");
  const lines = resultTable([{ check: "Pods", ...pass(seen) }]).split("\n");
  expect(new Set(lines.map((line) => line.length))).toEqual(new Set([154]));
  expect(
    lines
      .join(" ")
      .match(/word\d+/g)
      ?.join(" "),
  ).toBe(seen);
});

test("a table shows a dash for what is not known, and lines between rows unless it is compact", () => {
  const rows = [
    ["a", 0],
    ["b", undefined],
  ] as const;
  const full = table(["Name", "Count"], rows);
  const compact = table(["Name", "Count"], rows, { compact: true });
  expect(compact).toMatch(/│ a +│ 0 +│/);
  expect(compact).toMatch(/│ b +│ - +│/);
  expect(full.match(/├/g)).toHaveLength(2);
  expect(compact.match(/├/g)).toHaveLength(1);
});
