import { writeFileSync } from "node:fs";
import { afterAll, beforeAll, test } from "vitest";
import { startPlatform, type TestPlatform } from "../support/cluster";
import { EDITS } from "../support/edits";
import { Recorder } from "../support/engine";
import { stackConfig } from "../support/stackFile";
let platform: TestPlatform;
beforeAll(async () => {
  platform = await startPlatform(() => stackConfig("dev"), { recordHelmReleases: true });
  await platform.configure();
  await platform.stack.up(platform.checked);
});
afterAll(() => platform.close());
test("discover", async () => {
  const out: unknown[] = [];
  for (const { row, edit, changes } of EDITS) {
    const recorder = new Recorder();
    await platform.configure(changes);
    let error = "";
    try {
      await platform.stack.preview({ ...platform.checked, onEvent: recorder.onEvent });
    } catch (problem) {
      error = String(problem).slice(0, 1500);
    }
    out.push({ row, edit, error: error === "" ? "" : recorder.errors().slice(0, 900), violations: recorder.violations(), create: recorder.resources("create"), update: recorder.resources("update"), replace: recorder.resources("replace"), remove: recorder.resources("delete") });
    writeFileSync("/tmp/edits-e3.json", JSON.stringify(out, null, 1));
  }
});
