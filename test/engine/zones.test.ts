import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { openStack, Recorder, type TestStack } from "../support/engine";

let open: TestStack | undefined;
afterEach(() => open?.close());

describe("a control plane, once made,", () => {
  test("keeps its zones: an update with one more, or one less, is refused as EKS refuses it", async () => {
    open = await openStack({
      stack: "test",
      program: join(__dirname, "programs", "zones.ts"),
      config: { "llm-gateway:zones": ["us-west-2a", "us-west-2b"] },
    });
    const { stack } = open;
    await stack.up();
    for (const zones of [["us-west-2a", "us-west-2b", "us-west-2c"], ["us-west-2a"]]) {
      await stack.setConfig("llm-gateway:zones", { value: JSON.stringify(zones) });
      const recorder = new Recorder();
      await expect(stack.up({ onEvent: recorder.onEvent })).rejects.toThrow();
      expect(recorder.errors()).toContain("the control plane was made in a, b");
    }
  });
});
