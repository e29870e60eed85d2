import { isMap } from "../../domain/map";
import { type Operation } from "./request";

/**
 * An answer of the JSON protocol as the GraphQL protocol has it: by the name that the client asked for, values without their types.
 *
 * @param answer what the engine said, parsed
 */
export function clientAnswer(answer: unknown, { name, answeredAs }: Operation): unknown {
  if (!isMap(answer) || !isMap(answer.data)) {
    // Errors have one form in both protocols.
    return answer;
  }
  if (!(name in answer.data)) {
    throw new Error(`the engine's answer has no ${name}`);
  }
  return { data: { [answeredAs]: untyped(answer.data[name]) } };
}

/** `{$type, value}` becomes the value, at any depth. */
function untyped(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(untyped);
  }
  if (!isMap(value)) {
    return value;
  }
  if (typeof value.$type === "string" && "value" in value) {
    return value.value;
  }
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, untyped(inner)]));
}
