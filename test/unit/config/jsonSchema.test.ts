import { readFileSync } from "node:fs";
import Ajv2020 from "ajv/dist/2020";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { SCHEMA_FILE, stackFileSchema } from "../../../config/jsonSchema";
import { configurationReference, REFERENCE_FILE } from "../../../config/reference";

const schema = stackFileSchema("llm-gateway");
const validate = new Ajv2020({ strict: false, validateFormats: false }).compile(schema);

test("the schema in the repository is the one that the code gives: run make schema after a change", () => {
  expect(JSON.parse(readFileSync(SCHEMA_FILE, "utf8"))).toEqual(JSON.parse(JSON.stringify(schema)));
});

test("so is the configuration reference", () => {
  expect(readFileSync(REFERENCE_FILE, "utf8")).toBe(configurationReference(schema));
});

describe("the schema for editors", () => {
  test.each(["Pulumi.local.yaml", "Pulumi.dev.yaml", "Pulumi.prod.yaml"])("accepts %s", (file) => {
    expect(validate(parse(readFileSync(file, "utf8"))), JSON.stringify(validate.errors)).toBe(true);
  });

  const config = (changes: object) => ({
    config: { "llm-gateway:cluster": { kind: "existing", context: "c" }, ...changes },
  });

  test.each([
    [
      "a part of a model of the catalogue",
      { "llm-gateway:models": { "qwen3-8b-fp8-neuron": { shape: { maxSequences: 2 } } } },
    ],
    ["an encrypted token", { "llm-gateway:huggingFaceToken": { secure: "v1:abc" } }],
    ["another package's setting", { "aws:region": "us-west-2" }],
  ])("accepts %s", (_what, changes) => {
    expect(validate(config(changes)), JSON.stringify(validate.errors)).toBe(true);
  });

  test.each([
    ["an unknown key", { "llm-gateway:gatway": {} }],
    ["a wrong value", { "llm-gateway:gateway": { routing: { strategy: "fastest" } } }],
    ["an incomplete model of one's own", { "llm-gateway:models": { mine: {} } }],
  ])("rejects %s", (_what, changes) => {
    expect(validate(config(changes))).toBe(false);
  });
});
