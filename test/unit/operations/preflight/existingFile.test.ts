/** The preflight of a stack's file whose cluster is there: what it takes from the file and the kubeconfig. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { KubeConfig } from "@kubernetes/client-node";
import { afterEach, describe, expect, test } from "vitest";
import { stringify } from "yaml";
import { preflight } from "../../../../operations/preflight/preflight";

/** All that is checked of a stack on a cluster that is there, in order. */
const NAMES = [
  "The kubeconfig has the context",
  "The cluster has the Kubernetes version",
  "Volumes can be made",
  "The metrics API is served",
  "KEDA scales on requests",
  "Something makes load balancers",
  "Neuron nodes",
  "Images can be pulled",
  "Models are at the hub",
  "The token opens gated models",
];

describe("a stack's file", () => {
  const folders: string[] = [];
  afterEach(() => {
    for (const folder of folders.splice(0)) {
      rmSync(folder, { recursive: true });
    }
  });

  function project(config: Readonly<Record<string, unknown>>): string {
    const folder = mkdtempSync(join(tmpdir(), "preflight-"));
    folders.push(folder);
    writeFileSync(join(folder, "Pulumi.yaml"), "name: llm-gateway\nruntime: nodejs\n");
    writeFileSync(join(folder, "Pulumi.team.yaml"), stringify({ config }));
    writeFileSync(join(folder, "kubeconfig"), stringify({ apiVersion: "v1", kind: "Config" }));
    return folder;
  }

  // Interrupted before the first check that would ask somebody else.
  const run = (folder: string, stack = "team") =>
    preflight({ folder, stack, signal: AbortSignal.abort() });

  test("whose context the kubeconfig does not have is told so, encrypted token and all", async () => {
    const folder = project({
      "llm-gateway:cluster": { kind: "existing", context: "gone", kubeconfig: "KUBECONFIG" },
      "llm-gateway:storage": { shared: { parameters: { fileSystemId: "fs-1" } } },
      "llm-gateway:models": { "qwen3-8b-fp8-neuron": {} },
      "llm-gateway:huggingFaceToken": { secure: "v1:ciphertext" },
      "other:key": "ignored",
    });
    const results = await preflight({
      folder,
      stack: "team",
      kubeconfig: join(folder, "kubeconfig"),
      signal: AbortSignal.abort(),
    });
    expect(results[0]).toMatchObject({
      check: "The kubeconfig has the context",
      status: "fail",
      seen: "no context gone: the kubeconfig has none",
    });
    expect(results.slice(1).every(({ status }) => status === "skipped")).toBe(true);
    expect(results.map(({ check }) => check)).toEqual(NAMES);
  });

  test("whose context is there has everything checked", async () => {
    const folder = project({
      "llm-gateway:cluster": { kind: "existing", context: "here" },
      "llm-gateway:storage": { shared: { parameters: { fileSystemId: "fs-1" } } },
      "llm-gateway:models": { "qwen3-8b-fp8-neuron": {} },
      "llm-gateway:huggingFaceToken": { secure: "v1:ciphertext" },
    });
    const kubeconfig = join(folder, "kubeconfig");
    const config = new KubeConfig();
    config.loadFromOptions({
      clusters: [{ name: "c", server: "https://127.0.0.1:1" }],
      users: [{ name: "u" }],
      contexts: [{ name: "here", cluster: "c", user: "u" }],
      currentContext: "here",
    });
    writeFileSync(kubeconfig, config.exportConfig());
    const results = await preflight({
      folder,
      stack: "team",
      kubeconfig,
      signal: AbortSignal.abort(),
    });
    expect(results[0]).toEqual({ check: NAMES[0], status: "pass", seen: "here" });
    expect(results.map(({ check }) => check)).toEqual(NAMES);
  });

  test("with a mistake ends in the path of the mistake", async () => {
    const folder = project({ "llm-gateway:cluster": { kind: "existing", contxt: "a" } });
    await expect(run(folder)).rejects.toThrow(/llm-gateway:cluster\.contxt: is not a known key/);
  });

  test("that is not there ends in the names of those that are", async () => {
    await expect(run(project({}), "prod")).rejects.toMatchObject({
      message: expect.stringMatching(
        /^there is no stack "prod": .*Pulumi\.prod\.yaml does not exist$/,
      ) as string,
      remedy: "choose one of team, or write the file",
    });
  });
});
