import type { z } from "zod";

/** Where the generated reference is kept. */
export const REFERENCE_FILE = "docs/configuration.md";

type JsonSchema = z.core.JSONSchema.JSONSchema;

/** One setting, as its row of the reference says it. */
export interface SettingRow {
  /** Where it stands: `*` for a name of the user's choice, `[]` for the items of a list. */
  readonly path: string;
  /** What may be written. */
  readonly allowed: string;
  /** Its default, `required`, or what happens when it is left out. */
  readonly fallback: string;
  /** What it means, with its unit. */
  readonly description: string;
}

/** Every setting of a stack file as a Markdown table, from its JSON Schema. */
export function configurationReference(schema: JsonSchema): string {
  const sections = settingRows(schema).map(({ key, rows }) => {
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

/** The settings of a stack file by their top-level keys, from its JSON Schema. */
export function settingRows(
  schema: JsonSchema,
): { readonly key: string; readonly rows: readonly SettingRow[] }[] {
  const config = property(schema, "config");
  return Object.entries(config.properties ?? {}).map(([key, value]) => ({
    key,
    rows: typeof value === "boolean" ? [] : rowsOf(key, value, isRequired(config, key)),
  }));
}

function rowsOf(path: string, schema: JsonSchema, required = false): SettingRow[] {
  const children = Object.entries(schema.properties ?? {}).flatMap(([name, child]) =>
    // Models of the catalogue repeat what stands under `*`.
    typeof child === "boolean" || isOpenMap(schema)
      ? []
      : rowsOf(`${path}.${name}`, child, isRequired(schema, name)),
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
  const described: SettingRow = {
    path,
    allowed: allowedValues(schema),
    fallback: required ? "required" : defaultOf(schema),
    description: (schema.description ?? "").replaceAll("|", "\\|"),
  };
  // An object without a description of its own is shown by its settings alone.
  return nested.length > 0 && schema.description === undefined ? nested : [described, ...nested];
}

/** The setting that tells the kinds apart. */
function isKind(row: SettingRow): boolean {
  return row.path.endsWith(".kind");
}

function isRequired({ required = [] }: JsonSchema, name: string): boolean {
  return required.includes(name);
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
  if (schema.oneOf !== undefined) {
    return "object, by its kind";
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
    return typeof schema.whenAbsent === "string" ? schema.whenAbsent : "";
  }
  const text = JSON.stringify(fallback);
  // A default of several settings is shown at each of them.
  return text === "{}" && schema.properties !== undefined
    ? "as its settings below"
    : code(fallback);
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
