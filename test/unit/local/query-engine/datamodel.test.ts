import { describe, expect, test } from "vitest";
import { datamodelOf, typedArguments } from "../../../../local/query-engine/datamodel";
import { withDriverAdapters } from "../../../../local/query-engine/engine";

const SCHEMA = `generator client {
  provider = "prisma-client-py"
}

model Team {
  id       String @id
  metadata Json @default("{}")
  budget   Budget? @relation(fields: [id], references: [id])
}

model Budget {
  id    String @id
  extra Json?
}
`;
const DATAMODEL = datamodelOf(SCHEMA);

describe("the models of a schema", () => {
  test("have the types of their fields, those behind a value with braces too", () => {
    expect(DATAMODEL).toEqual({
      Team: { id: "String", metadata: "Json", budget: "Budget" },
      Budget: { id: "String", extra: "Json" },
    });
  });

  test("say which text is a value of type Json, at any depth, and in a relation", () => {
    const written = {
      data: {
        id: "{}",
        metadata: '{"a":1}',
        budget: { create: { id: "b", extra: "[]" } },
      },
      where: { AND: [{ metadata: { equals: "null" } }] },
    };
    expect(typedArguments(written, "Team", DATAMODEL)).toEqual({
      data: {
        id: "{}",
        metadata: { $type: "Json", value: '{"a":1}' },
        budget: { create: { id: "b", extra: { $type: "Json", value: "[]" } } },
      },
      where: { AND: [{ metadata: { equals: { $type: "Json", value: "null" } } }] },
    });
  });

  test("say nothing of raw SQL", () => {
    const written = { query: "SELECT 1", parameters: "[]", metadata: "{}" };
    expect(typedArguments(written, undefined, DATAMODEL)).toEqual(written);
  });
});

describe("the schema for the WebAssembly build", () => {
  test("says that connections come from outside", () => {
    expect(withDriverAdapters(SCHEMA)).toContain(
      'generator client {\n  previewFeatures = ["driverAdapters"]\n  provider',
    );
  });

  test.each([
    ["has no generator", "model A { id String @id }"],
    ["preview features", `${SCHEMA}\n// previewFeatures`],
  ])("is refused where it %s", (message, schema) => {
    expect(() => withDriverAdapters(schema)).toThrow(message);
  });
});
