import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startPlatform, type TestPlatform } from "../support/cluster";
import { changesOf, expectedOf, previewOf } from "../support/edits/preview";
import { LARGER, LARGER_EDITS } from "../support/edits/larger";

let platform: TestPlatform;

beforeAll(async () => {
  // The charts of its controllers are not to be had without a network.
  platform = await startPlatform(() => ({ ...LARGER }), { recordHelmReleases: true });
  await platform.configure();
  await platform.stack.up(platform.checked);
});
afterAll(() => platform.close());

test("a preview of the deployed stack changes nothing and has no violation", async () => {
  const recorder = await previewOf(platform, { changes: {} });
  expect(recorder.violations()).toEqual([]);
  expect(changesOf(recorder)).toEqual({ create: [], update: [], replace: [], remove: [] });
});

describe.concurrent("an edit of a stack with managed stores changes exactly what it must:", () => {
  test.each(LARGER_EDITS)("$edit", async (edit) => {
    const recorder = await previewOf(platform, edit);
    expect(recorder.violations()).toEqual([]);
    expect(changesOf(recorder)).toEqual(expectedOf(edit));
  });
});
