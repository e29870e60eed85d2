import { isMap } from "../../domain/map";

/** Types of the fields of each model. */
export type Datamodel = Readonly<Record<string, Readonly<Record<string, string>>>>;

// To the brace that a line begins with: values have braces, too.
const MODEL = /^model\s+(\w+)\s*\{([\s\S]*?)^\}/gm;
const FIELD = /^\s*(\w+)\s+(\w+)/;

/** Reads the models of a `schema.prisma`: only the names and types of their fields, which decide how values are written. */
export function datamodelOf(schema: string): Datamodel {
  return Object.fromEntries(
    [...schema.matchAll(MODEL)].map(([, name = "", body = ""]) => [name, fieldsOf(body)]),
  );
}

function fieldsOf(body: string): Record<string, string> {
  return Object.fromEntries(
    body.split("\n").flatMap((line) => {
      const [, name, type] = FIELD.exec(line) ?? [];
      return name === undefined || type === undefined ? [] : [[name, type]];
    }),
  );
}

/**
 * Arguments as the JSON protocol has them: the GraphQL protocol writes a value of a Json field as text, which the JSON protocol
 * takes for a string unless its type is said.
 *
 * @param model that the arguments speak of; undefined for raw SQL
 */
export function typedArguments(
  value: unknown,
  model: string | undefined,
  datamodel: Datamodel,
): unknown {
  if (Array.isArray(value)) {
    return value.map((entry) => typedArguments(entry, model, datamodel));
  }
  if (!isMap(value) || model === undefined) {
    return value;
  }
  const fields = datamodel[model] ?? {};
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => {
      const type = fields[key];
      if (type === "Json") {
        return [key, json(inner)];
      }
      // Words of the protocol, as AND, data and create, speak of the same model; a relation speaks of its own.
      const about = type !== undefined && type in datamodel ? type : model;
      return [key, typedArguments(inner, about, datamodel)];
    }),
  );
}

/** Text becomes a value of type Json, at any depth: filters and lists wrap it. */
function json(value: unknown): unknown {
  if (typeof value === "string") {
    return { $type: "Json", value };
  }
  if (Array.isArray(value)) {
    return value.map(json);
  }
  return isMap(value)
    ? Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, json(inner)]))
    : value;
}
