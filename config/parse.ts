import { z } from "zod";
import {
  DEFAULT_MODELS,
  MODEL_CATALOGUE,
  withCatalogue,
  type Catalogue,
} from "../domain/models/catalogue";
import { withCompilation } from "./compilation";
import { ConfigError, suggestion, type ConfigProblem } from "./rules/problems";
import { crossFieldProblems } from "./rules/crossField";
import { withReleases } from "./releases";
import { configSchema, type ParsedConfig } from "../domain/settings/schema";
import { kindOf, wording } from "./wording";

/** Paths whose values never appear in a message. */
const SECRET_KEYS: readonly string[] = ["huggingFaceToken"];

/**
 * Validates a stack's raw configuration and fills in the defaults.
 *
 * @param project name of the Pulumi project, which prefixes the keys in messages
 * @param written the keys of the stack's configuration with their values, structured values as objects
 * @param catalogue models that the stack may name without describing them
 * @throws ConfigError with every problem at once
 */
export function parseConfig(
  project: string,
  written: Readonly<Record<string, unknown>>,
  catalogue: Catalogue = MODEL_CATALOGUE,
): ParsedConfig {
  const input = { ...withReleases(written), models: complete(written.models, catalogue) };
  const result = configSchema.safeParse(input, { reportInput: true });
  if (!result.success) {
    throw new ConfigError(
      project,
      result.error.issues.flatMap((issue) => problemsOf(issue, input)),
    );
  }
  const problems = crossFieldProblems(result.data);
  if (problems.length > 0) {
    throw new ConfigError(project, problems);
  }
  return result.data;
}

/** The models that are written, or else the default ones, each over its entry of the catalogue. */
function complete(written: unknown, catalogue: Catalogue): unknown {
  const models =
    written === undefined ? Object.fromEntries(DEFAULT_MODELS.map((name) => [name, {}])) : written;
  if (typeof models !== "object" || models === null || Array.isArray(models)) {
    return models;
  }
  return Object.fromEntries(
    Object.entries(models).map(([name, model]) => [
      name,
      withCompilation(withCatalogue(catalogue, name, model)),
    ]),
  );
}

function problemsOf(issue: z.core.$ZodIssue, written: unknown): ConfigProblem[] {
  if (issue.code === "unrecognized_keys") {
    const known = knownKeys(issue.path, written);
    return issue.keys.map((key) => ({
      path: [...issue.path, key],
      message: `is not a known key; ${suggestion(key, known)}`,
    }));
  }
  if (issue.code === "invalid_key") {
    return issue.issues.map((inner) => ({
      path: issue.path,
      message: `as a name, ${wording(inner, "")}`,
    }));
  }
  const secret = SECRET_KEYS.includes(String(issue.path[0]));
  if (issue.code === "invalid_type" && issue.input === undefined) {
    const hint = meaningAt(issue.path, written);
    return [
      {
        path: issue.path,
        message: `is missing; write ${kindOf(issue.expected)}${hint === undefined ? "" : ` (${hint})`}`,
      },
    ];
  }
  if (issue.code === "invalid_union" && issue.errors.length === 0) {
    return [
      {
        path: issue.path,
        value: at(written, issue.path),
        message: `must be one of ${allowedOptions(issue)}`,
      },
    ];
  }
  if (issue.code === "invalid_value") {
    const allowed = issue.values.map(String);
    const hint = typeof issue.input === "string" ? `; ${suggestion(issue.input, allowed)}` : "";
    return [
      {
        path: issue.path,
        ...(secret ? {} : { value: issue.input }),
        message: `must be ${allowed.length === 1 ? "" : "one of "}${allowed.join(", ")}${hint.startsWith("; known") ? "" : hint}`,
      },
    ];
  }
  return [
    {
      path: issue.path,
      ...(secret ? {} : { value: issue.input }),
      message: wording(issue, whatToWrite(issue.path, written)),
    },
  ];
}

/** The keys of a map, or the meaning of a setting. */
function whatToWrite(path: readonly PropertyKey[], written: unknown): string {
  const known = knownKeys(path, written);
  const meaning = meaningAt(path, written);
  return [
    ...(known.length === 0 ? [] : [`; its keys: ${known.sort().join(", ")}`]),
    ...(meaning === undefined ? [] : [` (${meaning})`]),
  ].join("");
}

/** The keys that the schema knows at a path. */
function knownKeys(path: readonly PropertyKey[], written: unknown): string[] {
  const schema = schemaAt(path, written);
  return schema instanceof z.ZodObject ? Object.keys(schema.shape) : [];
}

/** What the setting at a path means, in the words of the schema. */
function meaningAt(path: readonly PropertyKey[], written: unknown): string | undefined {
  const declared = declaredAt(path, written);
  return (
    (declared instanceof z.ZodType ? declared.description : undefined) ??
    schemaAt(path, written)?.description
  );
}

/** The schema of a path without its default; where kinds differ, the kind that was written decides. */
function schemaAt(path: readonly PropertyKey[], written: unknown): z.ZodType | undefined {
  const declared = declaredAt(path, written);
  const found = declared === undefined ? undefined : unwrap(declared);
  const narrowed =
    found instanceof z.ZodDiscriminatedUnion ? chosen(found, at(written, path)) : found;
  return narrowed instanceof z.ZodType ? narrowed : undefined;
}

/** The schema of a path as it is declared, found by walking the path. */
function declaredAt(path: readonly PropertyKey[], written: unknown): z.core.$ZodType | undefined {
  return path.reduce<z.core.$ZodType | undefined>(
    (schema, key, index) =>
      schema === undefined
        ? undefined
        : childOf(unwrap(schema), key, at(written, path.slice(0, index))),
    configSchema,
  );
}

function childOf(
  schema: z.core.$ZodType,
  key: PropertyKey,
  value: unknown,
): z.core.$ZodType | undefined {
  if (schema instanceof z.ZodDiscriminatedUnion) {
    const option = chosen(schema, value);
    return option === undefined ? undefined : childOf(option, key, value);
  }
  if (schema instanceof z.ZodObject) {
    const shape: Readonly<Record<PropertyKey, z.core.$ZodType | undefined>> = schema.shape;
    return Object.hasOwn(shape, key) ? shape[key] : undefined;
  }
  if (schema instanceof z.ZodRecord) {
    return schema.valueType;
  }
  return schema instanceof z.ZodArray ? schema.element : undefined;
}

/** The option of a union whose discriminator has the written value; undefined where none has. */
function chosen(union: z.ZodDiscriminatedUnion, value: unknown): z.core.$ZodType | undefined {
  const { discriminator } = union.def;
  return union.options.find((option) => {
    const field: unknown = option instanceof z.ZodObject ? option.shape[discriminator] : undefined;
    return field instanceof z.ZodLiteral && field.values.has(at(value, [discriminator]) as never);
  });
}

function allowedOptions(issue: z.core.$ZodIssueInvalidUnion): string {
  return ("options" in issue ? (issue.options ?? []) : []).map(String).join(", ");
}

/** The written value at a path, undefined where there is none. */
function at(written: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, key) =>
      typeof value === "object" && value !== null ? Reflect.get(value, key) : undefined,
    written,
  );
}

function unwrap(schema: z.core.$ZodType): z.core.$ZodType {
  if (
    schema instanceof z.ZodPrefault ||
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodNullable
  ) {
    return unwrap(schema.unwrap());
  }
  return schema;
}
