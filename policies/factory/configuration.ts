import { closest, distance } from "fastest-levenshtein";
import { problemOf } from "./parameters";
import type { Rule } from "./rule";

/** The configuration of a pack as the engine hands it over: the parameters of each policy by name. */
export type Configuration = ReadonlyMap<string, Readonly<Record<string, unknown>>>;

/** Stands for every policy in a configuration file. */
const ALL = "all";

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
    if (definition === undefined) {
      return policy === ALL
        ? []
        : [`${policy}: there is no such policy${hint(policy, [...byName.keys(), ALL])}`];
    }
    const parameters = definition.parameters ?? {};
    return Object.entries(values).flatMap(([name, value]) => {
      const parameter = parameters[name];
      if (parameter === undefined) {
        return [
          `${policy}.${name}: there is no such parameter${hint(name, Object.keys(parameters))}`,
        ];
      }
      const problem = problemOf(parameter, value);
      return problem === undefined
        ? []
        : [`${policy}.${name} = ${JSON.stringify(value)}: ${problem}`];
    });
  });
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
