import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { render } from "../../local/environment/preview";
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
        "kubernetes:autoscaling/v2:HorizontalPodAutoscaler gateway-autoscaler",
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

describe("make render", () => {
  test("writes every object as a YAML file of its own, and no secret", async () => {
    const folder = mkdtempSync(join(tmpdir(), "rendered-"));
    try {
      await render("local", folder);
      const files = readdirSync(folder).filter((name) => name.endsWith(".yaml"));
      expect(files).toEqual(
        expect.arrayContaining([
          "litellm.deployment.litellm.yaml",
          "litellm.configmap.litellm-routing-config.yaml",
          "vllm.statefulset.llama-3-1-8b-int8-neuron.yaml",
          "cluster.namespace.vllm.yaml",
        ]),
      );
      for (const file of files.filter((name) => name.includes(".secret."))) {
        const secret = parse(readFileSync(join(folder, file), "utf8")) as { stringData: unknown };
        expect(secret.stringData).toBe("[secret]");
      }
      const deployment = parse(
        readFileSync(join(folder, "litellm.deployment.litellm.yaml"), "utf8"),
      ) as { spec: { replicas?: number } };
      expect(deployment.spec.replicas).toBeUndefined();
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
