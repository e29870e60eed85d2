import { mkdtempSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Template } from "@huggingface/jinja";
import execa from "execa";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { artifactHash, artifactPaths } from "../../../components/vllm/artifact";
import { serveArguments } from "../../../components/vllm/arguments";
import { artifactPodSpec, servingPodSpec } from "../../../components/vllm/podSpec";
import { LLAMA, QWEN, testModel } from "../../support/models";

const IMAGE = "registry/vllm:1";
const context = (name: string) => ({
  model: testModel(name),
  image: IMAGE,
  claimName: "model-artifacts",
  longestAnswerSeconds: 448,
});

describe("the artifact hash", () => {
  const model = testModel(LLAMA);
  const hash = artifactHash(model, IMAGE);

  test.each([
    ["repository", artifactHash({ ...model, repository: "other/model" }, IMAGE)],
    ["revision", artifactHash({ ...model, revision: "v2" }, IMAGE)],
    ["sequences", artifactHash({ ...model, shape: { ...model.shape, maxSequences: 2 } }, IMAGE)],
    ["length", artifactHash({ ...model, shape: { ...model.shape, maxModelLength: 4096 } }, IMAGE)],
    ["format", artifactHash({ ...model, shape: { ...model.shape, weightFormat: "bf16" } }, IMAGE)],
    ["cores", artifactHash({ ...model, shape: { ...model.shape, tensorParallelSize: 1 } }, IMAGE)],
    ["image", artifactHash(model, "registry/vllm:2")],
    ...(["trn1.2xlarge", "trn2.3xlarge"] as const).map((instanceType) => [
      `family of ${instanceType}`,
      artifactHash({ ...model, serving: { ...model.serving, instanceType } }, IMAGE),
    ]),
  ])("changes with the %s", (_what, other) => {
    expect(other).not.toBe(hash);
  });

  test("of Inf2 is what it was before other families could be served", () => {
    const large = {
      ...model,
      serving: { ...model.serving, instanceType: "inf2.48xlarge" as const },
    };
    expect(artifactHash(large, IMAGE)).toBe(hash);
  });

  test("does not change with anything that the graph does not depend on", () => {
    const other = { ...model, autoscaling: { ...model.autoscaling, maxReplicas: 9 } };
    expect(artifactHash(other, IMAGE)).toBe(hash);
  });
});

describe("the server's arguments", () => {
  test("of the int8 Llama load its own artifact with tools and its template", () => {
    const paths = artifactPaths("abc");
    expect(serveArguments({ ...testModel(LLAMA), chatTemplate: "x" }, paths)).toEqual([
      "/artifacts/abc/checkpoint",
      "--served-model-name=llama-3-1-8b-int8-neuron",
      "--port=8000",
      "--tensor-parallel-size=2",
      "--max-num-seqs=4",
      "--max-model-len=8192",
      "--no-enable-prefix-caching",
      "--num-gpu-blocks-override=4",
      '--additional-config={"override_neuron_config":{"quantized":true,"quantized_checkpoints_path":"/artifacts/abc/quantised","quantization_dtype":"int8","quantization_type":"per_channel_symmetric","save_sharded_checkpoint":true}}',
      "--enable-auto-tool-choice",
      "--tool-call-parser=llama3_json",
      "--chat-template=/etc/vllm/chat-template.jinja",
    ]);
  });

  test("of an unquantised model carry no quantisation", () => {
    const model = testModel(QWEN);
    const args = serveArguments(
      { ...model, shape: { ...model.shape, weightFormat: "bf16" } },
      artifactPaths("abc"),
    );
    expect(args.join(" ")).not.toContain("quantized");
  });
});

describe("the pods of a model", () => {
  test("compile and serve the same graph: the same engine settings in both", () => {
    const [builder] = artifactPodSpec(context(QWEN), true).containers as {
      env: { name: string; value?: string }[];
    }[];
    const config = JSON.parse(
      builder?.env.find(({ name }) => name === "BUILD_CONFIG")?.value ?? "{}",
    ) as { engine: { additional_config: unknown } };
    const served = serveArguments(
      testModel(QWEN),
      artifactPaths(artifactHash(testModel(QWEN), IMAGE)),
    );
    expect(served).toContain(
      `--additional-config=${JSON.stringify(config.engine.additional_config)}`,
    );
  });

  test("wait for the artifact and cannot write to it", () => {
    const pod = servingPodSpec(context(LLAMA));
    expect(pod.initContainers).toMatchObject([
      { name: "await-artifact", volumeMounts: [{ name: "artifacts", readOnly: true }] },
    ]);
    expect(pod.containers).toMatchObject([
      {
        volumeMounts: expect.arrayContaining([
          { name: "artifacts", mountPath: "/artifacts", readOnly: true },
        ]) as unknown,
      },
    ]);
  });

  test("take whole devices, equal in requests and limits, and only the Job sees the token", () => {
    const pod = servingPodSpec(context(LLAMA));
    expect(pod.containers).toMatchObject([
      {
        resources: {
          requests: { "aws.amazon.com/neuron": "1" },
          limits: { "aws.amazon.com/neuron": "1" },
        },
      },
    ]);
    expect(JSON.stringify(pod)).not.toContain("HF_TOKEN");
    expect(JSON.stringify(artifactPodSpec(context(LLAMA), true))).toContain("HF_TOKEN");
    expect(JSON.stringify(artifactPodSpec(context(QWEN), false))).not.toContain("HF_TOKEN");
  });

  test("get time to finish the longest answer after they left the Service", () => {
    const pod = servingPodSpec(context(LLAMA));
    expect(pod.terminationGracePeriodSeconds).toBe(15 + 448);
  });
});

describe("the Llama chat template", () => {
  const template = new Template(
    readFileSync("domain/models/templates/llama-3.1-json-tools.jinja", "utf8"),
  );
  const render = (values: Record<string, unknown>) =>
    template.render({ bos_token: "<|begin_of_text|>", add_generation_prompt: true, ...values });

  test("frames a conversation with Llama's headers", () => {
    expect(
      render({
        messages: [
          { role: "system", content: "Be brief." },
          { role: "user", content: "Hi" },
        ],
      }),
    ).toBe(
      "<|begin_of_text|><|start_header_id|>system<|end_header_id|>\n\nBe brief.<|eot_id|>" +
        "<|start_header_id|>user<|end_header_id|>\n\nHi<|eot_id|>" +
        "<|start_header_id|>assistant<|end_header_id|>\n\n",
    );
  });

  test("offers tools and replays a call and its result", () => {
    const text = render({
      tools: [{ type: "function", function: { name: "weather", parameters: {} } }],
      messages: [
        { role: "user", content: [{ type: "text", text: "Rain in Bern?" }] },
        {
          role: "assistant",
          tool_calls: [{ function: { name: "weather", arguments: { city: "Bern" } } }],
        },
        { role: "tool", content: "dry" },
      ],
    });
    expect(text).toContain('"name": "weather"');
    expect(text).toContain('{"name": "weather", "parameters": {"city": "Bern"}}<|eot_id|>');
    expect(text).toContain("<|start_header_id|>ipython<|end_header_id|>\n\ndry<|eot_id|>");
    expect(text).toContain("Rain in Bern?");
  });

  test("refuses two calls in one message and unknown roles", () => {
    const call = { function: { name: "a", arguments: "{}" } };
    expect(() => render({ messages: [{ role: "assistant", tool_calls: [call, call] }] })).toThrow(
      /one tool at a time/,
    );
    expect(() => render({ messages: [{ role: "narrator", content: "x" }] })).toThrow(
      /unknown role/,
    );
  });
});

describe("the artifact script", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "artifact-"));
    // Stand-ins for the two libraries of the image: they write what the real ones would.
    mkdirSync(join(folder, "lib"));
    writeFileSync(
      join(folder, "lib", "huggingface_hub.py"),
      'import pathlib\ndef snapshot_download(repo_id, revision, local_dir, token):\n  pathlib.Path(local_dir).mkdir(parents=True)\n  (pathlib.Path(local_dir) / "config.json").write_text(f"{repo_id}@{revision}")\n',
    );
    writeFileSync(
      join(folder, "lib", "vllm.py"),
      'import os, pathlib\nclass LLM:\n  def __init__(self, **engine):\n    if os.environ.get("COMPILES") == "yes":\n      (pathlib.Path(os.environ["NEURON_COMPILED_ARTIFACTS"]) / "graph.neff").write_text(str(engine))\n',
    );
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  const run = async (compiles: "yes" | "no") => {
    const root = join(folder, "artifact");
    const paths = {
      root,
      checkpoint: join(root, "checkpoint"),
      compiled: join(root, "compiled"),
      manifest: join(root, "manifest.json"),
    };
    const config = { repository: "a/b", revision: "main", paths, engine: { model: "m" } };
    const result = await execa("python3", ["components/vllm/scripts/build_artifact.py"], {
      reject: false,
      all: true,
      env: {
        PYTHONPATH: join(folder, "lib"),
        BUILD_CONFIG: JSON.stringify(config),
        NEURON_COMPILED_ARTIFACTS: paths.compiled,
        COMPILES: compiles,
      },
    });
    return { ...result, manifest: paths.manifest };
  };

  test("writes the manifest last, and does nothing the second time", async () => {
    const first = await run("yes");
    expect(first.exitCode).toBe(0);
    expect(JSON.parse(readFileSync(first.manifest, "utf8"))).toMatchObject({ repository: "a/b" });
    const second = await run("yes");
    expect(second.all).toMatch(/nothing to do/);
  });

  test("fails, without a manifest, when nothing was compiled", async () => {
    const result = await run("no");
    expect(result.exitCode).toBe(1);
    expect(result.all).toMatch(/left nothing in/);
    expect(() => readFileSync(result.manifest)).toThrow();
  });
});
