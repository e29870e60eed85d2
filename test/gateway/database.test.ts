/**
 * Faults of PostgreSQL under a steady load with a key that the proxies know: nobody who has one may notice. The table that it prints is
 * that of docs/faults.md.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { arrivals, constant } from "../../operations/load/profile";
import type { Outcome } from "../../operations/load/request";
import { runLoad } from "../../operations/load/run";
import { summarize, type Summary } from "../../operations/load/statistics";
import { administer, ask } from "../support/client";
import { eventually } from "../support/cluster";
import { parsed } from "../support/config";
import { FaultTable } from "../support/faultTable";
import { LLAMA } from "../support/models";
import { Proxies } from "../support/proxies";

/** Requests per second at each of the two proxies. */
const RATE = 3;
const SECONDS = 20;
/** Seconds of load before the fault, and until what ends by itself has ended. */
const BEFORE = 3;
const FAULT_SECONDS = 8;
/** Dollars per output token. */
const PRICE = 0.001;

let proxies: Proxies;
let key: string;
/** Dollars of all answers with the key. */
let spent = 0;

const table = new FaultTable();

beforeAll(async () => {
  proxies = await Proxies.start({
    config: parsed({
      models: {
        [LLAMA]: {
          autoscaling: { maxReplicas: 2 },
          price: { inputUsdPerMillionTokens: 0, outputUsdPerMillionTokens: PRICE * 1_000_000 },
        },
      },
      gateway: { cache: { enabled: false } },
    }),
    database: true,
    replicas: { [LLAMA]: 2 },
  });
  key = await newKey();
});
afterAll(async () => {
  console.log(table.toString());
  await proxies.close();
});

async function newKey(): Promise<string> {
  const made = await administer(proxies.url(0), proxies.key, "/key/generate", {});
  return z.object({ key: z.string() }).parse(made).key;
}

const loadOf = (proxy: number) =>
  runLoad(
    {
      target: {
        ...{ url: proxies.url(proxy), key, model: `vllm/${LLAMA}`, stream: false },
        timeoutMs: 60_000,
      },
      arrivals: arrivals(constant(RATE, SECONDS), { promptTokens: 8, outputTokens: 8 }),
      mostInFlight: 500,
      observe: () => Promise.resolve([]),
      observeSeconds: SECONDS,
      signal: new AbortController().signal,
    },
    () => undefined,
  );

/** Load on both proxies while `inject` does its harm. */
async function under(name: string, inject: () => Promise<void>): Promise<Summary> {
  const loads = Promise.all([0, 1].map(loadOf));
  let outcomes: readonly Outcome[] = [];
  try {
    await sleep(BEFORE * 1000);
    await inject();
  } finally {
    outcomes = (await loads).flatMap((run) => run.outcomes);
    spent += PRICE * outcomes.reduce((sum, { tokens }) => sum + tokens, 0);
  }
  const summary = summarize(outcomes, SECONDS);
  table.add(name, summary);
  return summary;
}

async function spendOfKey(): Promise<number> {
  const [row] = z
    .array(z.object({ spend: z.number() }))
    .parse(await proxies.database.rows('SELECT spend FROM "LiteLLM_VerificationToken"'));
  return row?.spend ?? NaN;
}

/**
 * PostgreSQL answers what it is asked, and takes nothing new, with the error of a full disk. Where a disk is full indeed, a server that cannot
 * write its log ends as well: that is the row of one that is killed.
 */
async function fillDisk(): Promise<void> {
  const tables = z
    .array(z.object({ name: z.string() }))
    .parse(
      await proxies.database.rows(
        "SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'",
      ),
    );
  expect(tables.length).toBeGreaterThan(20);
  await proxies.database.rows(
    `CREATE FUNCTION no_space() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
       RAISE EXCEPTION USING ERRCODE = 'disk_full', MESSAGE = 'could not extend file: No space left on device';
     END $$`,
  );
  for (const { name } of tables) {
    await proxies.database.rows(
      `CREATE TRIGGER no_space BEFORE INSERT OR UPDATE ON "${name}" EXECUTE FUNCTION no_space()`,
    );
  }
}

/** Writes that PostgreSQL has refused for want of space. */
async function refusedWrites(): Promise<number> {
  return (await proxies.database.log()).split("No space left on device").length - 1;
}

/** Stops PostgreSQL where it is for a while. */
async function frozen(seconds: number): Promise<void> {
  proxies.database.freeze();
  try {
    await sleep(seconds * 1000);
  } finally {
    proxies.database.thaw();
  }
}

describe("whoever has a key that the proxies know is answered", () => {
  test.each<[string, () => Promise<void>]>([
    ["nothing", () => Promise.resolve()],
    [
      "PostgreSQL killed, and back at once",
      async () => {
        await proxies.database.crash();
        await proxies.database.run();
      },
    ],
    [
      "PostgreSQL frozen",
      async () => {
        await frozen(FAULT_SECONDS);
      },
    ],
    [
      "PostgreSQL slow: it runs a tenth of the time",
      async () => {
        for (let round = 0; round < 2 * FAULT_SECONDS; round += 1) {
          await frozen(0.45);
          await sleep(50);
        }
      },
    ],
    [
      "PostgreSQL's disk full",
      async () => {
        await fillDisk();
        try {
          await expect(newKey()).rejects.toThrow("answers 500");
          const refused = await refusedWrites();
          await eventually("a pod to try to write what was spent", 60, async () =>
            (await refusedWrites()) > refused ? true : undefined,
          );
        } finally {
          await proxies.database.rows("DROP FUNCTION no_space CASCADE");
        }
      },
    ],
    [
      "PostgreSQL failed over: gone without a word, then another one",
      async () => {
        proxies.database.freeze();
        await sleep(FAULT_SECONDS * 1000);
        await proxies.database.crash();
        await proxies.database.run();
      },
    ],
  ])("%s", async (name, inject) => {
    const { requests, errors } = await under(name, inject);
    expect(errors).toEqual({});
    expect(requests).toBe(2 * RATE * SECONDS);
    await eventually("all that was spent to be written", 120, async () =>
      Math.abs((await spendOfKey()) - spent) < PRICE ? true : undefined,
    );
  });
});

test("who has another key is told to come back, soon, while PostgreSQL is frozen", async () => {
  proxies.database.freeze();
  try {
    const start = performance.now();
    const answer = await ask(proxies.url(0), "sk-nobody-gave-this", LLAMA, { max_tokens: 5 });
    expect(answer.status).toBe(503);
    expect(answer.text).toContain("no_db_connection");
    // A few times what was seen, 3 to 10 s; a client's patience is a minute or two.
    expect(performance.now() - start).toBeLessThan(60_000);
  } finally {
    proxies.database.thaw();
  }
});
