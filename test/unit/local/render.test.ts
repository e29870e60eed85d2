/** `make render`, and the recording of the program that it is made from. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { record } from "../../../local/render/recorder";
import { render } from "../../../local/render/render";
import { masked } from "../../../local/render/resource";
import { stackSettings } from "../../../local/render/stackFile";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "rendered-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const files = () => readdirSync(folder).filter((name) => name.endsWith(".yaml"));
const object = (file: string) =>
  parse(readFileSync(join(folder, file), "utf8")) as Record<string, unknown>;

describe("make render", () => {
  test.each(["local", "dev", "prod"])(
    "writes every object of stack %s as a YAML file of its own, and no secret",
    async (stack) => {
      await render(stack, folder);
      expect(files()).toEqual(
        expect.arrayContaining([
          "cluster.namespace.vllm.yaml",
          "litellm.configmap.litellm-routing-config.yaml",
          "litellm.deployment.litellm.yaml",
          "vllm.statefulset.qwen3-8b-fp8-neuron.yaml",
        ]),
      );
      const secrets = files().filter((file) => file.includes(".secret."));
      expect(secrets.length).toBeGreaterThan(2);
      for (const file of secrets) {
        expect(object(file)).toMatchObject({ kind: "Secret", stringData: "[secret]" });
      }
      expect(object("litellm.deployment.litellm.yaml")).not.toHaveProperty("spec.replicas");
    },
  );

  test("writes a Helm release as its chart, version and values", async () => {
    await render("dev", folder);
    expect(object("kube-system.release.cluster-autoscaler.yaml")).toMatchObject({
      chart: "cluster-autoscaler",
      version: "9.59.0",
      repositoryOpts: { repo: "https://kubernetes.github.io/autoscaler" },
      values: { autoDiscovery: { clusterName: "llm-gateway-dev" }, image: { tag: "v1.36.1" } },
    });
  });

  test("writes its folder anew, and leaves one with files of others alone", async () => {
    await render("local", folder);
    writeFileSync(join(folder, "old.yaml"), "");
    await render("local", folder);
    expect(files()).not.toContain("old.yaml");

    rmSync(join(folder, ".rendered"));
    await expect(render("local", folder)).rejects.toThrow(
      `${folder} holds files that make render did not write`,
    );
  });

  test("says which stacks there are where there is none of the name", async () => {
    await expect(render("staging", folder)).rejects.toMatchObject({
      message: 'there is no stack "staging": Pulumi.staging.yaml is missing',
      remedy: expect.stringContaining("dev, local, prod") as string,
    });
    await expect(render("../dev", folder)).rejects.toThrow('there is no stack "../dev"');
  });
});

describe("a recording of the program", () => {
  test("refuses what the program refuses", async () => {
    const settings = { ...stackSettings("local"), modelNamespace: "litellm" };
    await expect(record({ stack: "local", settings })).rejects.toThrow("modelNamespace");
  });

  test("names what only an update would know, and says how a secret is made from it", async () => {
    const { resources, outputs } = await record({
      stack: "local",
      settings: stackSettings("local"),
    });
    expect(outputs.gatewayUrl).toBe("http://<Service gateway-service.hostname>:4000/v1");
    const secret = resources.find(({ name }) => name === "credentials-litellm");
    expect(secret?.inputs).toHaveProperty(
      "stringData.LITELLM_MASTER_KEY",
      "[secret] sk-<random.RandomPassword credentials-master-key.result>",
    );
  });

  test("shows nothing of a secret that the configuration holds", async () => {
    const settings = { ...stackSettings("local"), huggingFaceToken: "hf_do-not-show" };
    const recorded = JSON.stringify(await record({ stack: "local", settings }));
    expect(recorded).not.toContain("hf_do-not-show");
    expect(recorded).toContain("[secret]");
  });

  test("has the options that decide about a resource's life", async () => {
    const { resources } = await record({ stack: "prod", settings: stackSettings("prod") });
    const optionsOf = (type: string) =>
      resources.find((resource) => resource.type === type)?.options;
    expect(optionsOf("aws:efs/fileSystem:FileSystem")).toMatchObject({ protect: true });
    expect(optionsOf("aws:eks/nodeGroup:NodeGroup")).toMatchObject({
      replaceOnChanges: ["launchTemplate"],
      provider: "providers.aws aws",
    });
  });
});

describe("a secret", () => {
  test.each([
    ["hunter2", "[secret]"],
    [42, "[secret]"],
    ["sk-<random.RandomPassword key.result>", "[secret] sk-<random.RandomPassword key.result>"],
    [{ token: "hunter2" }, { token: "[secret]" }],
    [["hunter2"], ["[secret]"]],
  ])("%j is shown as %j", (secret, shown) => {
    expect(masked(secret)).toEqual(shown);
  });
});
