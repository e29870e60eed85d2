import { afterEach, describe, expect, test } from "vitest";
import { openStack, Recorder, type TestStack } from "../support/engine";

const open: TestStack[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((stack) => stack.close()));
});

async function stackOf(options: Parameters<typeof openStack>[0]): Promise<TestStack> {
  const stack = await openStack(options);
  open.push(stack);
  return stack;
}

describe.each(["local", "dev", "prod"])("the first preview of stack %s", (name) => {
  test("runs whole, without a cluster and without a violation", async () => {
    const { stack, checked } = await stackOf({ stack: name });
    const recorder = new Recorder();
    await stack.preview({ ...checked, onEvent: recorder.onEvent });
    expect(recorder.violations()).toEqual([]);
    expect(recorder.errors()).toBe("");
    const created = recorder.resources("create");
    expect(created).toEqual(
      expect.arrayContaining([
        "kubernetes:apps/v1:Deployment gateway",
        "kubernetes:apps/v1:DaemonSet neuron-device-plugin",
        "kubernetes:apps/v1:StatefulSet qwen3-8b-fp8-neuron",
        "kubernetes:keda.sh/v1alpha1:ScaledObject gateway-autoscaler",
      ]),
    );
  });
});

describe("a mistake in the configuration", () => {
  test("stops the program before it declares anything, with every problem in one message", async () => {
    const { stack, checked } = await stackOf({
      stack: "test",
      config: {
        "llm-gateway:cluster": { kind: "existing", context: "c", kubernetsVersion: "1.34" },
        "llm-gateway:gateway": { autoscaling: { minReplicas: 20 }, image: "litellm:latest" },
      },
    });
    const recorder = new Recorder();
    await expect(stack.preview({ ...checked, onEvent: recorder.onEvent })).rejects.toThrow();
    expect(recorder.errors()).toContain(
      'llm-gateway:cluster.kubernetsVersion: is not a known key; did you mean "kubernetesVersion"?',
    );
    expect(recorder.errors()).toContain('llm-gateway:gateway.image = "litellm:latest"');
    expect(recorder.resources("create").filter((name) => name.startsWith("kubernetes"))).toEqual(
      [],
    );
  });
});
