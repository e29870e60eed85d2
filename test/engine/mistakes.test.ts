import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { openStack, Recorder, type TestStack } from "../support/engine";
import { stackConfig } from "../support/stackFile";

const open: TestStack[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((stack) => stack.close()));
});

/** What the engine says of a preview: violations and errors, with whether it went through. */
async function previewed(options: Parameters<typeof openStack>[0]) {
  const opened = await openStack(options);
  open.push(opened);
  const recorder = new Recorder();
  const accepted = await opened.stack
    .preview({ ...opened.checked, onEvent: recorder.onEvent })
    .then(
      () => true,
      () => false,
    );
  return { accepted, messages: [...recorder.violations(), recorder.errors()].join("\n") };
}

const DEV = stackConfig("dev") as Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** The dev stack with some settings written over its own. */
function dev(key: string, changes: object) {
  const name = `llm-gateway:${key}`;
  return { ...DEV, [name]: { ...DEV[name], ...changes } };
}

const network = (changes: object) =>
  dev("cluster", { network: { ...(DEV["llm-gateway:cluster"]?.network as object), ...changes } });

describe("a preview of the dev stack refuses, with what to write,", () => {
  test.each([
    [
      "blocks of addresses that overlap",
      network({ connectedCidrs: ["10.10.128.0/20"] }),
      /connectedCidrs\.0 = "10\.10\.128\.0\/20": overlaps the VPC's 10\.10\.0\.0\/16; choose another block/,
    ],
    [
      "an autoscaler's maximum beyond the node group",
      dev("models", { "qwen3-8b-fp8-neuron": { autoscaling: { maxReplicas: 9 } } }),
      /qwen3-8b-fp8-neuron\.autoscaling\.maxReplicas = 9: .* its node groups have 2; lower maxReplicas or raise maxSize/,
    ],
    [
      "Neuron pins that do not go together",
      dev("neuron", {
        image:
          "public.ecr.aws/neuron/pytorch-inference-vllm-neuronx:0.16.0-neuronx-py312-sdk2.29.0-ubuntu24.04",
      }),
      /llm-gateway:neuron\.image = .*Inf2/s,
    ],
    [
      "a key that it does not know",
      dev("cluster", { regoin: "us-west-2" }),
      /llm-gateway:cluster\.regoin: is not a known key; did you mean "region"\?/,
    ],
    [
      "a text that only looks like JSON",
      { ...DEV, "llm-gateway:modelNamespace": "[vllm" },
      /llm-gateway:modelNamespace = "\[vllm": must be lower-case letters/,
    ],
  ])("%s", async (_what, config, message) => {
    const { accepted, messages } = await previewed({ stack: "test", config });
    expect(messages).toMatch(message);
    expect(accepted).toBe(false);
  });
});

describe("a preview of resources that were written by hand refuses, with what to write,", () => {
  const program = join(__dirname, "programs", "aws.ts");

  test.each([
    ["public database", /aws-no-public-stores: .*write publiclyAccessible: false/s],
    ["wrong AMI type", /aws-neuron-nodes: .*write amiType: AL2023_x86_64_NEURON/s],
    ["unpinned release", /aws-neuron-nodes: .*write releaseVersion, such as 1\.34\.4-20260403/s],
  ])("a %s", async (mistake, message) => {
    const config = { "llm-gateway:mistake": mistake };
    const { accepted, messages } = await previewed({ stack: "test", program, config });
    expect(messages).toMatch(message);
    expect(accepted).toBe(false);
  });

  test("and nothing where there is no mistake", async () => {
    const config = { "llm-gateway:mistake": "none" };
    const { accepted, messages } = await previewed({ stack: "test", program, config });
    expect({ accepted, messages }).toEqual({ accepted: true, messages: "" });
  });
});
