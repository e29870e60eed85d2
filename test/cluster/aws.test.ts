import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startPlatform, type TestPlatform } from "../support/cluster";
import { EDITS } from "../support/edits";
import { Recorder } from "../support/engine";
import { stackConfig } from "../support/stackFile";

let platform: TestPlatform;

beforeAll(async () => {
  // The charts of its controllers are not to be had without a network.
  platform = await startPlatform(() => stackConfig("dev"), { recordHelmReleases: true });
  await platform.configure();
  await platform.stack.up(platform.checked);
});
afterAll(() => platform.close());

async function previewOf(changes: Readonly<Record<string, unknown>>): Promise<Recorder> {
  const recorder = new Recorder();
  await platform.configure(changes);
  try {
    await platform.stack.preview({ ...platform.checked, onEvent: recorder.onEvent });
  } finally {
    await platform.configure();
  }
  return recorder;
}

test("a preview of the deployed stack, its cluster known, changes nothing and has no violation", async () => {
  const recorder = await previewOf({});
  expect(recorder.violations()).toEqual([]);
  expect(recorder.resources("create", "update", "replace", "delete")).toEqual([]);
});

describe("an edit changes exactly what it must:", () => {
  test.each(EDITS)(
    "$edit",
    async ({ changes, create = [], update = [], replace = [], remove = [] }) => {
      const recorder = await previewOf(changes);
      expect(recorder.violations()).toEqual([]);
      expect({
        create: recorder.resources("create"),
        update: recorder.resources("update"),
        replace: recorder.resources("replace"),
        remove: recorder.resources("delete"),
      }).toEqual({
        create: [...create].sort(),
        update: [...update].sort(),
        replace: [...replace].sort(),
        remove: [...remove].sort(),
      });
    },
  );
});

test("destroying leaves nothing in the state", async () => {
  await platform.stack.destroy();
  const exported: { deployment: unknown } = await platform.stack.exportStack();
  expect((exported.deployment as { resources?: unknown[] }).resources ?? []).toEqual([]);
  await platform.stack.up(platform.checked);
});
