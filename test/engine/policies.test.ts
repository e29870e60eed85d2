import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { openStack, Recorder, type TestStack } from "../support/engine";

const PROGRAM = join(__dirname, "programs", "autoscaler.ts");

const open: TestStack[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((stack) => stack.close()));
});

async function autoscalerStack(requests: boolean, folder?: string): Promise<TestStack> {
  const stack = await openStack({
    stack: "test",
    program: PROGRAM,
    config: {
      "llm-gateway:requests": requests,
      ...(folder === undefined ? {} : { "llm-gateway:folder": folder }),
    },
  });
  open.push(stack);
  return stack;
}

describe("on a cluster and in a namespace that the same stack creates, both still unknown,", () => {
  test("the first preview refuses an autoscaler whose target lacks requests", async () => {
    const { stack, checked } = await autoscalerStack(false);
    const recorder = new Recorder();
    await expect(stack.preview({ ...checked, onEvent: recorder.onEvent })).rejects.toThrow();
    expect(recorder.violations()).toEqual([
      expect.stringMatching(
        /autoscaler-target-requests: .*scales on cpu, but containers\["web"\] of Deployment web requests none/s,
      ),
    ]);
  });

  test("the first preview passes the same stack with the requests", async () => {
    const { stack, checked } = await autoscalerStack(true);
    const recorder = new Recorder();
    const { changeSummary } = await stack.preview({ ...checked, onEvent: recorder.onEvent });
    expect(recorder.violations()).toEqual([]);
    expect(changeSummary.create).toBe(7);
  });

  test("an update is refused before it creates anything", async () => {
    const { stack, project } = await autoscalerStack(false);
    await expect(project.capture(["up", "--yes", ...project.checkedRun()])).rejects.toThrow();
    const exported: { deployment: unknown } = await stack.exportStack();
    expect((exported.deployment as { resources?: unknown[] }).resources ?? []).toEqual([]);
  });
});

describe("an update without a preview", () => {
  test("stops when the second of an autoscaler and its target is registered, before it is created", async () => {
    const folder = await mkdtemp(join(tmpdir(), "llm-gateway-manifests-"));
    const { stack, checked } = await autoscalerStack(false, folder);
    const recorder = new Recorder();
    // The Automation API always adds --skip-preview.
    await expect(stack.up({ ...checked, onEvent: recorder.onEvent })).rejects.toThrow();
    expect(recorder.violations()).toEqual([
      expect.stringMatching(/autoscaler-target-requests: .*Deployment default\/web requests none/s),
    ]);
    const written = (await readdir(folder, { recursive: true })).filter((path) =>
      /deployment|horizontalpodautoscaler/.test(path),
    );
    expect(written.length).toBeLessThan(2);
    await rm(folder, { recursive: true });
  });

  test("creates nothing that one resource alone shows to be wrong", async () => {
    const opened = await openStack({
      stack: "test",
      program: join(__dirname, "programs", "aws.ts"),
      config: { "llm-gateway:mistake": "public database" },
    });
    open.push(opened);
    const recorder = new Recorder();
    const run = opened.stack.up({ ...opened.checked, onEvent: recorder.onEvent });
    await expect(run).rejects.toThrow();
    expect(recorder.violations()).toEqual([expect.stringMatching(/^aws-no-public-stores: /)]);
    expect(recorder.resources("create")).not.toContain("aws:rds/instance:Instance database");
  });
});
