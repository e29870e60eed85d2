import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { SNAPSHOTS_FOLDER } from "../../local/plugins/aws/snapshots";
import { openStack, type TestStack } from "../support/engine";

let open: TestStack | undefined;
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "llm-gateway-snapshots-"));
  process.env[SNAPSHOTS_FOLDER] = folder;
});
afterEach(async () => {
  Reflect.deleteProperty(process.env, SNAPSHOTS_FOLDER);
  await open?.close();
  await rm(folder, { recursive: true });
});

async function removed(database: object, redis: object, times: number): Promise<string[]> {
  open = await openStack({
    stack: "test",
    program: join(__dirname, "programs", "stores.ts"),
    config: { "llm-gateway:database": database, "llm-gateway:redis": redis },
  });
  for (let time = 0; time < times; time += 1) {
    await open.stack.up();
    await open.stack.destroy();
  }
  return (await readdir(folder)).map((name) => name.replace(/-[0-9a-f]{8}$/, "-*")).sort();
}

describe("managed stores that nothing protects", () => {
  test("leave a snapshot of each time that they were removed, and the database its backups", async () => {
    expect(await removed({}, {}, 2)).toEqual([
      expect.stringMatching(/^backups-of-db-/),
      expect.stringMatching(/^backups-of-db-/),
      "llm-gateway-test-cache-final-*",
      "llm-gateway-test-cache-final-*",
      "llm-gateway-test-database-final-*",
      "llm-gateway-test-database-final-*",
    ]);
  });

  test("leave nothing where the stack says so", async () => {
    const nothing = { finalSnapshot: false };
    expect(await removed({ ...nothing, keepAutomatedBackups: false }, nothing, 1)).toEqual([]);
  });
});
