/** Stands for a value that is known only after an update. */
export const UNKNOWN: unique symbol = Symbol("unknown");

/** A resource's properties as plain data, with {@link UNKNOWN} where a preview cannot tell. */
export type Value =
  string | number | boolean | null | undefined | typeof UNKNOWN | readonly Value[] | Tree;

export interface Tree {
  readonly [key: string]: Value;
}

/**
 * Copies the properties that the policy SDK hands over. The SDK throws when an unknown value is touched, and one throw
 * makes a whole mandatory policy advisory; in the copy an unknown value is a value like any other.
 */
export function snapshot(properties: unknown): Value {
  if (Array.isArray(properties)) {
    return Array.from({ length: properties.length }, (_, index) => child(properties, index));
  }
  if (typeof properties === "object" && properties !== null) {
    return Object.fromEntries(Object.keys(properties).map((key) => [key, child(properties, key)]));
  }
  switch (typeof properties) {
    case "string":
    case "number":
    case "boolean":
      return properties;
    default:
      return properties === null ? null : undefined;
  }
}

function child(parent: object, key: string | number): Value {
  try {
    return snapshot(Reflect.get(parent, key));
  } catch (error) {
    if (error instanceof Error && "unknownTypeSentinel" in error) {
      return UNKNOWN;
    }
    throw error;
  }
}

/** The value at a path: UNKNOWN below an unknown one, undefined where there is none. */
export function at(value: Value, ...path: readonly (string | number)[]): Value {
  let current = value;
  for (const key of path) {
    if (current === UNKNOWN) {
      return UNKNOWN;
    }
    if (isList(current)) {
      current = current[Number(key)];
    } else if (isTree(current)) {
      // Names in a program may be those of every object's own methods: `constructor`, `toString`.
      current = Object.hasOwn(current, key) ? current[key] : undefined;
    } else {
      return undefined;
    }
  }
  return current;
}

/** The items of a list, none where there is no list or it is unknown. */
export function items(value: Value): readonly Value[] {
  return isList(value) ? value : [];
}

/** A plain value as text; empty for lists, objects, and what is not there or unknown. */
export function textOf(value: Value): string {
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean"
    ? String(value)
    : "";
}

/** The entries of an object, none where there is no object or it is unknown. */
export function entries(value: Value): [string, Value][] {
  return isTree(value) ? Object.entries(value) : [];
}

export function isTree(value: Value): value is Tree {
  return typeof value === "object" && value !== null && !isList(value);
}

export function isList(value: Value): value is readonly Value[] {
  return Array.isArray(value);
}

/** Whether a value is not there at all; an empty text says nothing either. */
export function isAbsent(value: Value): boolean {
  return value === undefined || value === null || value === "";
}

/** Whether a value is there, be it an empty text or unknown. */
export function isGiven(value: Value): boolean {
  return value !== undefined && value !== null;
}

/** A JSON document, or what is wrong with it. */
export function parsedJson(text: string): { readonly value: Value } | { readonly problem: string } {
  try {
    return { value: snapshot(JSON.parse(text)) };
  } catch (error) {
    if (error instanceof SyntaxError) {
      return { problem: error.message };
    }
    throw error;
  }
}

/** Whether all of some checks hold, as far as known. */
export function allOf(checks: readonly (boolean | typeof UNKNOWN)[]): boolean | typeof UNKNOWN {
  if (checks.includes(false)) {
    return false;
  }
  return checks.includes(UNKNOWN) ? UNKNOWN : true;
}

/** Whether two values are the same, as far as known; UNKNOWN when that cannot be told. */
export function same(left: Value, right: Value): boolean | typeof UNKNOWN {
  return left === UNKNOWN || right === UNKNOWN ? UNKNOWN : left === right;
}
