/** What the program gets of the engine's configuration, files read and mistakes told as the engine shows them. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { loadSettings } from "../../../config/load";
import { MINIMAL } from "../../support/config";

const PROJECT = "llm-gateway";
const MODEL = "qwen3-8b-fp8-neuron";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "load-"));
});
afterEach(() => rm(folder, { recursive: true }));

/** Loads the minimal configuration with changes, as the engine hands it over. */
async function loaded(changes: Readonly<Record<string, unknown>> = {}) {
  await pulumi.runtime.setMocks(
    { newResource: () => ({ id: "", state: {} }), call: () => ({}) },
    PROJECT,
  );
  pulumi.runtime.setAllConfig(
    Object.fromEntries(
      Object.entries({ ...MINIMAL, ...changes }).map(([key, value]) => [
        `${PROJECT}:${key}`,
        typeof value === "string" ? value : JSON.stringify(value),
      ]),
    ),
  );
  return loadSettings(folder);
}

describe("a model's chat template", () => {
  const models = { [MODEL]: { chatTemplateFile: "chat.jinja" } };

  test("is read from the file beside the project, and only where one is named", async () => {
    await writeFile(join(folder, "chat.jinja"), "{{ messages }}");
    const [found] = (await loaded({ models })).models;
    expect(found).toMatchObject({ name: MODEL, chatTemplate: "{{ messages }}" });
    expect(found).not.toHaveProperty("chatTemplateFile");
    const [plain] = (await loaded({ models: { [MODEL]: {} } })).models;
    expect(plain).toMatchObject({ name: MODEL });
    expect(plain).not.toHaveProperty("chatTemplate");
  });

  test("that cannot be read is told with its path, in the way that the engine shows without a stack", async () => {
    const failure = await loaded({ models }).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(pulumi.RunError);
    const { message } = failure as pulumi.RunError;
    expect(message).toContain(`${PROJECT}:models.${MODEL}.chatTemplateFile = "chat.jinja": cannot`);
    expect(message).toContain("ENOENT");
    expect(message).toContain(`write a path relative to ${folder}`);
  });
});

test("mistakes of the configuration end the program with all of them", async () => {
  const failure = await loaded({ gatway: {}, modelNamespace: "Not A Name" }).catch(
    (error: unknown) => error,
  );
  expect(failure).toBeInstanceOf(pulumi.RunError);
  expect(String(failure)).toContain(`${PROJECT}:gatway: is not a known key`);
  expect(String(failure)).toContain(`${PROJECT}:modelNamespace = "Not A Name": `);
});

test("the token of the model hub is a secret", async () => {
  const models = { [MODEL]: {} };
  const { huggingFaceToken } = await loaded({ models, huggingFaceToken: "hf_secret" });
  expect(await pulumi.isSecret(pulumi.output(huggingFaceToken))).toBe(true);
});
