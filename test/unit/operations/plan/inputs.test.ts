import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parseAzureTrace } from "../../../../operations/load/azureTrace";
import { calibration } from "../../../../operations/load/calibration";
import { plannedArrivals } from "../../../../operations/load/planned";
import type { Outcome } from "../../../../operations/load/request";
import { readCalibration } from "../../../../operations/plan/calibration";
import { Cron } from "../../../../domain/cron";
import { floorsOf } from "../../../../operations/plan/schedule";

const HEADER = "TIMESTAMP,ContextTokens,GeneratedTokens";

async function file(name: string, text: string): Promise<string> {
  const path = join(await mkdtemp(join(tmpdir(), "plan-")), name);
  await writeFile(path, text);
  return path;
}

describe("Azure's trace", () => {
  test("is read from its first request on, in the order of its times", () => {
    const text = `${HEADER}\r\n2023-11-16 23:59:59.5000000,374,44\r\n2023-11-17 00:00:01,10,2\r\n2023-11-16 23:59:59.7500000,5,1\r\n`;
    expect(parseAzureTrace(text, "t.csv")).toEqual([
      { atMs: 0, promptTokens: 374, outputTokens: 44 },
      { atMs: 250, promptTokens: 5, outputTokens: 1 },
      { atMs: 1500, promptTokens: 10, outputTokens: 2 },
    ]);
  });

  test.each([
    ["TIMESTAMP,Tokens\n", 't.csv:1: is "TIMESTAMP,Tokens"; write TIMESTAMP,ContextTokens'],
    [`${HEADER}\n`, "t.csv: has 0 requests; between 1 and 500000 are possible"],
    [
      `${HEADER}\n\n16.11.2023,1,1`,
      't.csv:3: is "16.11.2023,1,1"; write time, tokens of the prompt',
    ],
    [`${HEADER}\n2023-11-16 18:15:46,374,0`, "t.csv:2: is"],
    [`${HEADER}\n2023-13-16 18:15:46,374,4`, "t.csv:2: is"],
    [`${HEADER}\n2023-11-16 18:15:46,374`, "t.csv:2: is"],
  ])("is refused at %j, with its line and what to write", (text, message) => {
    expect(() => parseAzureTrace(text, "t.csv")).toThrow(message);
  });

  test("and JSON Lines are told apart by what is in the file", async () => {
    const profile = { rate: 1, duration: 1, promptTokens: 32, outputTokens: 16 };
    const csv = await file("a.txt", `${HEADER}\n2023-11-16 18:15:46,374,44\n`);
    const lines = await file("b.txt", '{"at": 1}\n');
    expect((await plannedArrivals({ ...profile, trace: csv })).times).toEqual([
      { atMs: 0, promptTokens: 374, outputTokens: 44 },
    ]);
    expect((await plannedArrivals({ ...profile, trace: lines })).times).toEqual([
      { atMs: 1000, promptTokens: 32, outputTokens: 16 },
    ]);
  });
});

describe("a calibration", () => {
  const MADE = { model: "m", measuredAt: "2026-01-31T08:00:00.000Z" };
  const answered = (index: number, changes: Partial<Outcome> = {}): Outcome => ({
    atMs: 10_000 * index,
    totalMs: 5000,
    firstTokenMs: 400,
    interTokenMs: 50,
    tokens: 20,
    status: 200,
    fallback: false,
    ...changes,
  });
  const arrival = (index: number, promptTokens = 100) => ({
    atMs: 10_000 * index,
    promptTokens,
    outputTokens: 20,
  });
  const six = [0, 1, 2, 3, 4, 5];

  test("is the median of the answers that had the model for themselves", () => {
    const outcomes = [
      ...six.map((index) => answered(index, { interTokenMs: 40 + index })),
      // Sent while the first was under way; of another model; failed.
      answered(0, { atMs: 4000, totalMs: 100, firstTokenMs: 9000 }),
      answered(6, { fallback: true, firstTokenMs: 9000 }),
      answered(7, { error: "HTTP 500", firstTokenMs: 9000 }),
    ];
    const arrivals = [...six, 6, 7].map((index) => arrival(index));
    const found = calibration(
      outcomes,
      [...arrivals, { atMs: 4000, promptTokens: 100, outputTokens: 20 }],
      MADE,
    );
    expect(found).toEqual({
      ...MADE,
      answers: 6,
      firstTokenSeconds: 0.4,
      perPromptTokenSeconds: 0,
      perOutputTokenSeconds: 0.0425,
    });
  });

  test("of prompts of several lengths says what a token of the prompt adds", () => {
    const found = calibration(
      six.map((index) => answered(index, { firstTokenMs: 200 + 100 * index })),
      six.map((index) => arrival(index, 1000 * (index + 1))),
      MADE,
    );
    expect(found.firstTokenSeconds).toBeCloseTo(0.1, 9);
    expect(found.perPromptTokenSeconds).toBeCloseTo(0.0001, 12);
  });

  test("of prompts whose lengths change nothing takes the median", () => {
    const found = calibration(
      six.map((index) => answered(index, { firstTokenMs: 900 - 100 * index })),
      six.map((index) => arrival(index, 1000 * (index + 1))),
      MADE,
    );
    expect(found).toMatchObject({ firstTokenSeconds: 0.65, perPromptTokenSeconds: 0 });
  });

  test("is refused where too few answers tell, with what to write", () => {
    const beside = six.map((index) => answered(index, { totalMs: 60_000 }));
    expect(() =>
      calibration(
        beside,
        six.map((index) => arrival(index)),
        MADE,
      ),
    ).toThrow(
      "--calibrate: 1 answers of 6 were streamed, had two tokens or more and no other request beside them, and 5 are needed; write a lower --rate",
    );
  });

  test("is what a plan reads", async () => {
    const made = calibration(
      six.map((index) => answered(index)),
      six.map((index) => arrival(index)),
      MADE,
    );
    await expect(readCalibration(await file("c.json", JSON.stringify(made)))).resolves.toEqual({
      ...made,
      firstTokenSeconds: 0.4,
      perPromptTokenSeconds: 0,
      perOutputTokenSeconds: 0.05,
    });
  });

  test.each([
    ["{", "is no JSON; write what operations load --calibrate writes"],
    ['{"model": "m"}', "perOutputTokenSeconds"],
  ])("is refused at %s", async (text, message) => {
    const path = await file("c.json", text);
    await expect(readCalibration(path)).rejects.toThrow(message);
    await expect(readCalibration(path)).rejects.toThrow(path);
  });
});

describe("a schedule", () => {
  const WORK = { timezone: "UTC", start: "0 8 * * 1-5", end: "0 18 * * 1-5", replicas: 3 };
  const hours = (value: number) => value * 3600;

  test("holds from its start to its end", () => {
    // A Thursday.
    const floors = floorsOf(WORK, new Date("2026-11-26T06:00:00Z"), hours(36));
    expect(floors).toEqual([
      { from: hours(2), to: hours(12), replicas: 3 },
      { from: hours(26), to: hours(36), replicas: 3 },
    ]);
  });

  test("may have begun before the trace, and is quiet at the weekend", () => {
    expect(floorsOf(WORK, new Date("2026-11-27T17:59:30Z"), hours(48))).toEqual([
      { from: 0, to: 30, replicas: 3 },
    ]);
  });

  test("of which neither a start nor an end is near holds not", () => {
    const yearly = { ...WORK, start: "0 8 1 1 *", end: "0 18 1 1 *" };
    expect(floorsOf(yearly, new Date("2026-06-01T06:00:00Z"), hours(3))).toEqual([]);
  });

  test("is that of its time zone", () => {
    const berlin = { ...WORK, timezone: "Europe/Berlin" };
    expect(floorsOf(berlin, new Date("2026-11-26T06:00:00Z"), hours(3))).toEqual([
      { from: hours(1), to: hours(3), replicas: 3 },
    ]);
  });

  test.each([
    ["* * * * *", "2026-11-26T08:17:00", true],
    ["*/15 8-9 * * *", "2026-11-26T08:45:00", true],
    ["*/15 8-9 * * *", "2026-11-26T08:44:00", false],
    ["0 8,20 * nov thu", "2026-11-26T20:00:00", true],
    ["5/20 * * * *", "2026-11-26T20:25:00", true],
    // Both days are restricted: either is enough.
    ["0 8 1 * 4", "2026-11-26T08:00:00", true],
    ["0 8 26 * 1", "2026-11-26T08:00:00", true],
    ["0 8 * * 1", "2026-11-26T08:00:00", false],
  ])("'%s' at %s: %s", (expression, time, expected) => {
    const at = new Date(`${time}Z`);
    const minute = {
      minute: at.getUTCMinutes(),
      hour: at.getUTCHours(),
      day: at.getUTCDate(),
      month: at.getUTCMonth() + 1,
      weekday: at.getUTCDay(),
    };
    expect(new Cron(expression).matches(minute)).toBe(expected);
  });

  test.each([
    ["0 8 * *", 'has 4 fields; write five, such as "0 8 * * 1-5"'],
    ["60 8 * * *", '"60" is no minute; write *, or numbers from 0 to 59'],
    ["0 8 * * 5-1", '"5-1" is no day of the week'],
    ["0 8 * * mo", '"mo" is no day of the week'],
    ["0/0 8 * * *", '"0/0" is no minute'],
  ])("'%s' is refused", (expression, message) => {
    expect(() => new Cron(expression)).toThrow(message);
  });
});
