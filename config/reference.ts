import type { z } from "zod";

/** Where the generated reference is kept. */
export const REFERENCE_FILE = "docs/configuration.md";

type JsonSchema = z.core.JSONSchema.JSONSchema;

interface Row {
  readonly path: string;
  readonly allowed: string;
  readonly fallback: string;
  readonly description: string;
}

/** Every setting of a stack file as a Markdown table, from its JSON Schema. */
export function configurationReference(schema: JsonSchema): string {
  const config = property(schema, "config");
  const sections = Object.entries(config.properties ?? {}).map(([key, value]) => {
    const rows = typeof value === "boolean" ? [] : rowsOf(key, value);
    return [
      `## \`${key}\``,
      "",
      "| Setting | Values | Default | Meaning |",
      "| --- | --- | --- | --- |",
      ...rows.map(
        ({ path, allowed, fallback, description }) =>
          `| \`${path}\` | ${allowed} | ${fallback} | ${description} |`,
      ),
      "",
    ].join("\n");
  });
  return [
    "# Configuration reference",
    "",
    "Written by `make schema` from `config/`; do not edit. Settings stand under `config:` of `Pulumi.<stack>.yaml`. `*` stands",
    "for a name of your choice, `[]` for the items of a list.",
    "",
    ...sections,
  ].join("\n");
}

function rowsOf(path: string, schema: JsonSchema): Row[] {
  const children = Object.entries(schema.properties ?? {}).flatMap(([name, child]) =>
    // Models of the catalogue repeat what stands under `*`.
    typeof child === "boolean" || isOpenMap(schema) ? [] : rowsOf(`${path}.${name}`, child),
  );
  const map =
    typeof schema.additionalProperties === "object" && isMapOfObjects(schema.additionalProperties)
      ? rowsOf(`${path}.*`, schema.additionalProperties)
      : [];
  const list =
    typeof schema.items === "object" && !Array.isArray(schema.items) && "properties" in schema.items
      ? rowsOf(`${path}[]`, schema.items)
      : [];
  const kinds = [...(schema.oneOf ?? []), ...(schema.anyOf ?? [])].flatMap((option) =>
    typeof option === "object" && option.properties !== undefined ? rowsOf(path, option) : [],
  );
  // Kinds of one thing share settings: each is shown once.
  const shared = kinds.filter(
    (row, index) => kinds.findIndex((other) => other.path === row.path) === index || isKind(row),
  );
  const nested = [...children, ...map, ...list, ...shared];
  const described: Row = {
    path,
    allowed: allowedValues(schema),
    fallback: defaultOf(schema),
    description: (schema.description ?? "").replaceAll("|", "\\|"),
  };
  // An object without a description of its own is shown by its settings alone.
  return nested.length > 0 && schema.description === undefined ? nested : [described, ...nested];
}

/** The setting that tells the kinds apart. */
function isKind(row: Row): boolean {
  return row.path.endsWith(".kind");
}

function isOpenMap(schema: JsonSchema): boolean {
  return typeof schema.additionalProperties === "object";
}

function isMapOfObjects(schema: JsonSchema): boolean {
  return schema.properties !== undefined;
}

function allowedValues(schema: JsonSchema): string {
  if (schema.const !== undefined) {
    return code(schema.const);
  }
  if (schema.enum !== undefined) {
    return schema.enum.map(code).join(", ");
  }
  if (schema.anyOf !== undefined) {
    return [
      ...new Set(schema.anyOf.map((one) => (typeof one === "boolean" ? "" : allowedValues(one)))),
    ].join(" or ");
  }
  const { type, minimum, maximum } = schema;
  if (type === "integer" || type === "number") {
    return `${type}${minimum === undefined ? "" : `, from ${minimum}`}${maximum === undefined || maximum > 1e9 ? "" : ` to ${maximum}`}`;
  }
  return typeof type === "string" ? type : "";
}

function defaultOf(schema: JsonSchema): string {
  const { default: fallback } = schema;
  if (fallback === undefined) {
    return "";
  }
  const text = JSON.stringify(fallback);
  // A default of several settings is shown at each of them.
  return text === "{}" && schema.properties !== undefined ? "" : code(fallback);
}

function code(value: unknown): string {
  return `\`${typeof value === "string" ? value : JSON.stringify(value)}\``.replaceAll("|", "\\|");
}

function property(schema: JsonSchema, name: string): JsonSchema {
  const found = schema.properties?.[name];
  if (found === undefined || typeof found === "boolean") {
    throw new Error(`the schema has no ${name}`);
  }
  return found;
}
