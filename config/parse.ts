import { z } from "zod";
import { MODEL_PRESETS } from "../components/vllm/presets";
import { withPreset } from "./models";
import { ConfigError, suggestion, type ConfigProblem } from "./problems";
import { crossFieldProblems } from "./rules";
import { configSchema, type ParsedConfig } from "./schema";

/** Paths whose values never appear in a message. */
const SECRET_KEYS: readonly string[] = ["huggingFaceToken"];

/**
 * Validates a stack's raw configuration and fills in the defaults.
 *
 * @param project name of the Pulumi project, which prefixes the keys in messages
 * @param written the keys of the stack's configuration with their values, structured values as objects
 * @throws ConfigError with every problem at once
 */
export function parseConfig(
  project: string,
  written: Readonly<Record<string, unknown>>,
): ParsedConfig {
  const input = { ...written, models: withPresets(written.models) };
  const result = configSchema.safeParse(input, { reportInput: true });
  if (!result.success) {
    throw new ConfigError(
      project,
      result.error.issues.flatMap((issue) => problemsOf(issue)),
    );
  }
  const problems = crossFieldProblems(result.data);
  if (problems.length > 0) {
    throw new ConfigError(project, problems);
  }
  return result.data;
}

function withPresets(models: unknown): unknown {
  if (models === undefined) {
    return Object.fromEntries(
      Object.keys(MODEL_PRESETS).map((name) => [name, withPreset(name, {})]),
    );
  }
  if (typeof models !== "object" || models === null || Array.isArray(models)) {
    return models;
  }
  return Object.fromEntries(
    Object.entries(models).map(([name, model]) => [name, withPreset(name, model)]),
  );
}

function problemsOf(issue: z.core.$ZodIssue): ConfigProblem[] {
  if (issue.code === "unrecognized_keys") {
    const known = knownKeys(issue.path);
    return issue.keys.map((key) => ({
      path: [...issue.path, key],
      message: `is not a known key; ${suggestion(key, known)}`,
    }));
  }
  if (issue.code === "invalid_key") {
    return issue.issues.map((inner) => ({
      path: issue.path,
      message: `as a name, ${inner.message}`,
    }));
  }
  const secret = SECRET_KEYS.includes(String(issue.path[0]));
  if (issue.code === "invalid_type" && issue.input === undefined) {
    return [{ path: issue.path, message: `is missing; write ${article(issue.expected)}` }];
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
      ...(secret || typeof issue.input === "object" ? {} : { value: issue.input }),
      message: issue.message,
    },
  ];
}

function article(expected: string): string {
  return /^[aeiou]/.test(expected) ? `an ${expected}` : `a ${expected}`;
}

/** The keys that the schema knows at a path, found by walking the schema with it. */
function knownKeys(path: readonly PropertyKey[]): string[] {
  let schema: z.core.$ZodType | undefined = configSchema;
  for (const key of path) {
    schema = schema === undefined ? undefined : childOf(schema, key);
  }
  const object = schema === undefined ? undefined : unwrap(schema);
  return object instanceof z.ZodObject ? Object.keys(object.shape) : [];
}

function childOf(schema: z.core.$ZodType, key: PropertyKey): z.core.$ZodType | undefined {
  const inner = unwrap(schema);
  if (inner instanceof z.ZodObject) {
    const shape: Readonly<Record<PropertyKey, z.core.$ZodType | undefined>> = inner.shape;
    return shape[key];
  }
  if (inner instanceof z.ZodRecord) {
    return inner.valueType;
  }
  return inner instanceof z.ZodArray ? inner.element : undefined;
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
