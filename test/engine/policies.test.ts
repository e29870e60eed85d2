import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { openStack, Recorder, type TestStack } from "../support/engine";

const PROGRAM = join(__dirname, "programs", "autoscaler.ts");

const open: TestStack[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((stack) => stack.close()));
});

async function autoscalerStack(requests: boolean): Promise<TestStack> {
  const stack = await openStack({
    stack: "test",
    program: PROGRAM,
    config: { "llm-gateway:requests": requests },
  });
  open.push(stack);
  return stack;
}

describe("on a cluster that the same stack creates, with its kubeconfig still unknown,", () => {
  test("the first preview refuses an autoscaler whose target lacks requests", async () => {
    const { stack, checked } = await autoscalerStack(false);
    const recorder = new Recorder();
    await expect(stack.preview({ ...checked, onEvent: recorder.onEvent })).rejects.toThrow();
    expect(recorder.violations()).toEqual([
      expect.stringMatching(
        /autoscaler-target-requests: .*scales on cpu, but containers\["web"\] of Deployment default\/web requests none/s,
      ),
    ]);
  });

  test("the first preview passes the same stack with the requests", async () => {
    const { stack, checked } = await autoscalerStack(true);
    const recorder = new Recorder();
    const { changeSummary } = await stack.preview({ ...checked, onEvent: recorder.onEvent });
    expect(recorder.violations()).toEqual([]);
    expect(changeSummary.create).toBe(6);
  });

  test("an update is refused before it creates anything", async () => {
    const { stack, project } = await autoscalerStack(false);
    await expect(project.capture(["up", "--yes", ...project.checkedRun()])).rejects.toThrow();
    const exported: { deployment: unknown } = await stack.exportStack();
    expect((exported.deployment as { resources?: unknown[] }).resources ?? []).toEqual([]);
  });
});
