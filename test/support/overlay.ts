import { isMap } from "../../domain/map";

/** `above` laid over `below` key by key; an object with a `kind` replaces the one below it. */
export function overlay(
  below: unknown,
  above: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const result: Record<string, unknown> = { ...(isMap(below) ? below : {}) };
  for (const [key, value] of Object.entries(above)) {
    result[key] = isMap(value) && !("kind" in value) ? overlay(result[key], value) : value;
  }
  return result;
}
