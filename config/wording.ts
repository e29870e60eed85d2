import type { z } from "zod";

/** What a setting of each of the schema's types is called in a message. */
const KINDS: Readonly<Record<string, string>> = {
  object: "a map",
  record: "a map",
  array: "a list",
  string: "a string",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
};

/** A type of the schema in the words of a YAML file: "a map", "a list", "a whole number". */
export function kindOf(expected: string): string {
  return KINDS[expected] ?? expected;
}

/** What is wrong with a value and what to write, for the issues whose text does not come from the schema itself. */
export function wording(issue: z.core.$ZodIssue, hint: string): string {
  switch (issue.code) {
    case "invalid_type":
      return `must be ${kindOf(issue.expected)}${instead(issue.expected, issue.input)}${hint}`;
    case "too_small":
      return `must ${sized(issue.origin, "at least", issue.minimum)}`;
    case "too_big":
      return `must ${sized(issue.origin, "at most", issue.maximum)}`;
    case "invalid_union": {
      const options = issue.errors.flat();
      const values = options.flatMap((option) =>
        option.code === "invalid_value" ? option.values.map(String) : [],
      );
      // A union with a text of its own says more than its options do.
      return values.length > 0 ? `must be one of ${values.join(", ")}` : issue.message;
    }
    default:
      return issue.message;
  }
}

/** What stands there instead, where the value alone does not show what is wrong. */
function instead(expected: string, input: unknown): string {
  if (expected === "string" && (typeof input === "number" || typeof input === "boolean")) {
    return `, not a ${typeof input}; put it in quotes`;
  }
  if (expected === "int" && typeof input === "number") {
    return "";
  }
  return `, not ${received(input)}`;
}

function received(input: unknown): string {
  if (input === null) {
    return "nothing";
  }
  if (Array.isArray(input)) {
    return "a list";
  }
  return kindOf(typeof input === "boolean" ? "a boolean" : typeof input);
}

function sized(origin: string, bound: string, limit: number | bigint): string {
  if (bound === "at least" && limit === 1 && ["string", "array", "record"].includes(origin)) {
    return "not be empty";
  }
  switch (origin) {
    case "string":
      return `have ${bound} ${limit} characters`;
    case "array":
      return `have ${bound} ${limit} items`;
    default:
      return `be ${bound} ${limit}`;
  }
}
