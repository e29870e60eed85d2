import { closest, distance } from "fastest-levenshtein";
import { problemOf } from "./parameters";
import type { Rule } from "./rule";

/** The configuration of a pack as the engine hands it over: the parameters of each policy by name. */
export type Configuration = ReadonlyMap<string, Readonly<Record<string, unknown>>>;

/** Stands for every policy in a configuration file. */
const ALL = "all";
/** The property of a policy's configuration that the engine reads itself. */
const LEVEL = "enforcementLevel";

/**
 * Every mistake in a configuration: policies and parameters that do not exist, with the nearest name, and values that a
 * parameter does not take. The engine checks types alone, and passes over names that it does not know.
 */
export function configurationProblems(
  configuration: Configuration,
  rules: readonly Rule[],
): string[] {
  const byName = new Map(rules.map(({ definition }) => [definition.name, definition]));
  return [...configuration].flatMap(([policy, values]) => {
    const definition = byName.get(policy);
    if (policy === ALL) {
      return Object.keys(values).flatMap((name) => problemOfAll(name, rules));
    }
    if (definition === undefined) {
      return [`${policy}: there is no such policy${hint(policy, [...byName.keys(), ALL])}`];
    }
    const parameters = definition.parameters ?? {};
    return Object.entries(values).flatMap(([name, value]) => {
      // A parameter may be called like a property that every object has.
      const parameter = Object.hasOwn(parameters, name) ? parameters[name] : undefined;
      if (parameter === undefined) {
        return [
          `${policy}.${name}: there is no such parameter${hint(name, Object.keys(parameters))}`,
        ];
      }
      const problem = problemOf(parameter, value);
      return problem === undefined ? [] : [`${policy}.${name} = ${written(value)}: ${problem}`];
    });
  });
}

/** A value as a configuration file has it; what JSON has no word for, as it is called. */
function written(value: unknown): string {
  return typeof value === "number" ? String(value) : JSON.stringify(value);
}

/** What is wrong with a property of `all`, which takes a level and hands no parameter on. */
function problemOfAll(name: string, rules: readonly Rule[]): string[] {
  if (name === LEVEL) {
    return [];
  }
  const owners = rules
    .filter(({ definition }) => Object.hasOwn(definition.parameters ?? {}, name))
    .map(({ definition }) => definition.name);
  const where = owners.length > 0 ? owners.join(" or ") : "the policy that has it";
  const place = `${ALL} takes ${LEVEL} alone; write parameters under ${where}`;
  return [`${ALL}.${name}: ${place}${owners.length > 0 ? "" : hint(name, [LEVEL])}`];
}

/** The nearest name where one is near, all of them where none is. */
function hint(name: string, known: readonly string[]): string {
  if (known.length === 0) {
    return "; it has no parameters";
  }
  const nearest = closest(name, known);
  return distance(name, nearest) <= Math.max(2, name.length / 2)
    ? `; did you mean "${nearest}"?`
    : `; it may be ${known.join(", ")}`;
}
