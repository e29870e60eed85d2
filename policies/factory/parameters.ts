import type { PolicyConfigSchema } from "@pulumi/policy";

/** JSON types that a parameter can have. */
interface Shapes {
  readonly boolean: boolean;
  readonly integer: number;
  readonly string: string;
  readonly strings: readonly string[];
  readonly integers: readonly number[];
}

/** One parameter of a rule: its type, meaning and default stand here and nowhere else. */
export interface Parameter<T> {
  readonly shape: keyof Shapes;
  /** What it changes; one sentence. */
  readonly description: string;
  readonly default: T;
  /** Says what is wrong with a value of the right type; undefined when nothing is. */
  problem?(value: T): string | undefined;
}

/** The parameters of a rule by name. */
export type Parameters = Readonly<Record<string, Parameter<Shapes[keyof Shapes]>>>;

/** What a rule reads: every parameter with its configured value, or its default. */
export type Settings<P extends Parameters> = {
  readonly [K in keyof P]: P[K] extends Parameter<infer T> ? T : never;
};

type Check<T> = (value: T) => string | undefined;

function parameter<K extends keyof Shapes>(shape: K) {
  return (
    description: string,
    value: Shapes[K],
    problem?: Check<Shapes[K]>,
  ): Parameter<Shapes[K]> => ({
    shape,
    description,
    default: value,
    ...(problem === undefined ? {} : { problem }),
  });
}

export const boolean = parameter("boolean");
export const integer = parameter("integer");
export const integers = parameter("integers");
export const string = parameter("string");
export const strings = parameter("strings");

/** Refuses numbers below the lowest that makes sense. */
export function atLeast(lowest: number): Check<number> {
  return (value) => (value < lowest ? `must be ${lowest} or more` : undefined);
}

/** A parameter that is a regular expression; one that does not compile is an error of the configuration. */
export function pattern(description: string, value: string): Parameter<string> {
  return string(description, value, (text) => {
    try {
      new RegExp(text);
      return text === "" ? "is empty, and would match everything" : undefined;
    } catch (error) {
      return error instanceof Error ? error.message : "is no regular expression";
    }
  });
}

const SCHEMAS = {
  boolean: { type: "boolean" },
  integer: { type: "integer" },
  string: { type: "string" },
  strings: { type: "array", items: { type: "string" } },
  integers: { type: "array", items: { type: "integer" } },
} as const;

/** How the documentation and messages name a parameter's type. */
export const SHAPE_NAMES: Readonly<Record<keyof Shapes, string>> = {
  boolean: "true or false",
  integer: "a whole number",
  string: "a text",
  strings: "a list of texts",
  integers: "a list of whole numbers",
};

/** The schema by which the engine checks a configuration file. */
export function configSchema(parameters: Parameters): PolicyConfigSchema {
  return {
    properties: Object.fromEntries(
      Object.entries(parameters).map(([name, { shape, description, default: value }]) => [
        name,
        { ...SCHEMAS[shape], description, default: typeof value === "object" ? [...value] : value },
      ]),
    ),
  };
}

/** The configured values over the defaults. What a parameter does not take, the configuration check has refused before. */
export function settingsOf<P extends Parameters>(
  parameters: P | undefined,
  configured: Readonly<Record<string, unknown>>,
): Settings<P> {
  const values = Object.entries(parameters ?? {}).map(([name, { default: fallback }]) => [
    name,
    configured[name] ?? fallback,
  ]);
  return Object.fromEntries(values) as Settings<P>;
}

/** Says what is wrong with a configured value: its type, or what the parameter itself refuses; undefined when nothing is. */
export function problemOf(parameter: Parameters[string], value: unknown): string | undefined {
  const { shape } = parameter;
  if (!fits(value, shape)) {
    return `must be ${SHAPE_NAMES[shape]}`;
  }
  const empty = Array.isArray(value) && value.some((item) => item === "");
  return empty ? "holds an empty text" : parameter.problem?.(value);
}

function fits(value: unknown, shape: keyof Shapes): value is Shapes[keyof Shapes] {
  switch (shape) {
    case "boolean":
      return typeof value === "boolean";
    case "integer":
      return Number.isInteger(value);
    case "string":
      return typeof value === "string";
    case "strings":
      return Array.isArray(value) && value.every((item) => typeof item === "string");
    case "integers":
      return Array.isArray(value) && value.every((item) => Number.isInteger(item));
  }
}
