/** What the schema says about its settings: a reader of the reference must not have to ask the code. */
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { stackFileSchema } from "../../../config/jsonSchema";
import { settingRows } from "../../../config/reference";
import { configSchema } from "../../../domain/settings/schema";

type JsonSchema = z.core.JSONSchema.JSONSchema;

interface Leaf {
  readonly path: string;
  readonly key: string;
  readonly description: string;
}

/** Every setting that has a value of its own, found by walking the schema through maps, lists and kinds. */
function leaves(schema: JsonSchema | boolean | undefined, path: string, key: string): Leaf[] {
  if (typeof schema !== "object") {
    return [];
  }
  const { properties, additionalProperties, items, oneOf = [] } = schema;
  const inner = [
    ...Object.entries(properties ?? {}).flatMap(([name, child]) =>
      leaves(child, `${path}.${name}`, name),
    ),
    ...(hasSettings(additionalProperties) ? leaves(additionalProperties, `${path}.*`, key) : []),
    ...(!Array.isArray(items) && hasSettings(items) ? leaves(items, `${path}[]`, key) : []),
    ...oneOf.flatMap((option) => leaves(option, path, key)),
  ];
  return inner.length > 0 ? inner : [{ path, key, description: schema.description ?? "" }];
}

function hasSettings(schema: JsonSchema | boolean | undefined): schema is JsonSchema {
  return (
    typeof schema === "object" && (schema.properties !== undefined || schema.oneOf !== undefined)
  );
}

const ALL = leaves(z.toJSONSchema(configSchema, { io: "input" }), "", "");

describe("every setting", () => {
  test("is found", () => {
    const paths = ALL.map(({ path }) => path);
    expect(paths.length).toBeGreaterThan(120);
    expect(paths).toEqual(
      expect.arrayContaining([
        ".cluster.network.nat",
        ".neuron.nodeGroups.*.maxSize",
        ".models.*.autoscaling.scaleUp.policies[].value",
        ".gateway.database.multiAz",
      ]),
    );
  });

  test("has a meaning", () => {
    expect(ALL.filter(({ description }) => description.length < 10)).toEqual([]);
  });

  test("has a meaning of its own: only settings of the same name share one", () => {
    const keys = new Map<string, Set<string>>();
    for (const { description, key } of ALL) {
      keys.set(description, (keys.get(description) ?? new Set()).add(key));
    }
    expect([...keys].filter(([, names]) => names.size > 1)).toEqual([]);
  });

  test.each([
    [/Seconds$/, /second/i],
    [/Minutes$/, /minutes/],
    [/Days$/, /days/],
    [/GiB$/, /GiB/],
    [/Utilization$/, /percent/],
    [/^cpu$/, /cores/],
    [/^(memory|storage|artifacts)$/, /bytes/],
    [/Arns?$/, /ARN|roles/],
    [/File$/, /relative to/],
  ])("named like %s says its unit, %s", (name, unit) => {
    const named = ALL.filter(({ key }) => name.test(key));
    expect(named.length).toBeGreaterThan(0);
    expect(named.filter(({ description }) => !unit.test(description))).toEqual([]);
  });
});

test("the reference leaves no cell empty: each setting has values, a default or what absence means, and a meaning", () => {
  const rows = settingRows(stackFileSchema("llm-gateway")).flatMap((section) => section.rows);
  expect(rows.length).toBeGreaterThan(120);
  expect(
    rows.filter(
      ({ allowed, fallback, description }) =>
        allowed === "" || fallback === "" || description === "",
    ),
  ).toEqual([]);
});
