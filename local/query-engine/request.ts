import { Kind, parse, type FieldNode, type SelectionSetNode, type ValueNode } from "graphql";
import { isMap } from "../../domain/map";

/** A query of the JSON protocol, the only one that the WebAssembly build of Prisma's engine speaks. */
export interface EngineQuery {
  readonly modelName?: string;
  readonly action: string;
  readonly query: Selected;
}

/** Arguments and fields of a query, or of a relation within one. */
interface Selected {
  readonly arguments: Readonly<Record<string, unknown>>;
  readonly selection: Readonly<Record<string, true | Selected>>;
}

/** One operation as Prisma's Python client sends it, and the name that it wants the answer by. */
export interface Operation {
  readonly query: EngineQuery;
  readonly answeredAs: string;
  /** Name of the answer in the JSON protocol. */
  readonly name: string;
}

/** What a client asks for in one request. */
export type ClientRequest =
  | { readonly kind: "single"; readonly operation: Operation }
  | {
      readonly kind: "batch";
      readonly operations: readonly Operation[];
      readonly transaction: boolean;
    };

/** Operations of a model, as their names begin. A longer name stands before one that it begins with. */
const MODEL_ACTIONS = [
  "findUnique",
  "findFirst",
  "findMany",
  "createOne",
  "createMany",
  "updateOne",
  "updateMany",
  "upsertOne",
  "deleteOne",
  "deleteMany",
  "aggregate",
  "groupBy",
] as const;
const RAW_ACTIONS = ["queryRaw", "executeRaw"];
const OR_THROW = "OrThrow";

/** A request that this stand-in does not know: it says so instead of guessing. */
export class UnknownRequest extends Error {}

/**
 * Reads the body of a `POST /` to the engine.
 *
 * @throws UnknownRequest for anything that Prisma's Python client 0.15 does not send
 */
export function clientRequest(body: string): ClientRequest {
  const parsed: unknown = JSON.parse(body);
  if (!isMap(parsed)) {
    throw new UnknownRequest("the body is no object");
  }
  if (Array.isArray(parsed.batch)) {
    return {
      kind: "batch",
      operations: parsed.batch.map((entry: unknown) => operation(entry)),
      transaction: parsed.transaction === true,
    };
  }
  return { kind: "single", operation: operation(parsed) };
}

function operation(entry: unknown): Operation {
  if (!isMap(entry) || typeof entry.query !== "string") {
    throw new UnknownRequest("an entry has no query");
  }
  if (isMap(entry.variables) && Object.keys(entry.variables).length > 0) {
    throw new UnknownRequest("variables are not known here");
  }
  const [definition, ...others] = parse(entry.query, { noLocation: true }).definitions;
  if (definition?.kind !== Kind.OPERATION_DEFINITION || others.length > 0) {
    throw new UnknownRequest("a query has one operation");
  }
  const [field, ...more] = fieldsOf(definition.selectionSet);
  if (field === undefined || more.length > 0) {
    throw new UnknownRequest("an operation has one field");
  }
  const name = field.name.value;
  return {
    query: { ...actionOf(name), query: selected(field) },
    answeredAs: field.alias?.value ?? name,
    name,
  };
}

/** `findUniqueThing`: what is done, and with which model. */
function actionOf(name: string): Pick<EngineQuery, "action" | "modelName"> {
  if (RAW_ACTIONS.includes(name)) {
    return { action: name };
  }
  const action = MODEL_ACTIONS.find((candidate) => name.startsWith(candidate));
  if (action === undefined) {
    throw new UnknownRequest(`the operation ${name} is not known here`);
  }
  const model = name.slice(action.length);
  return (action === "findUnique" || action === "findFirst") && model.endsWith(OR_THROW)
    ? { action: `${action}${OR_THROW}`, modelName: model.slice(0, -OR_THROW.length) }
    : { action, modelName: model };
}

function fieldsOf(set: SelectionSetNode): FieldNode[] {
  return set.selections.map((node) => {
    if (node.kind !== Kind.FIELD) {
      throw new UnknownRequest("fragments are not known here");
    }
    return node;
  });
}

function selected(field: FieldNode): Selected {
  return {
    arguments: Object.fromEntries(
      (field.arguments ?? []).map(({ name, value }) => [name.value, valueOf(value)]),
    ),
    selection: Object.fromEntries(
      (field.selectionSet === undefined ? [] : fieldsOf(field.selectionSet)).map((inner) => {
        const plain = inner.selectionSet === undefined && (inner.arguments ?? []).length === 0;
        return [inner.name.value, plain ? true : selected(inner)];
      }),
    ),
  };
}

function valueOf(node: ValueNode): unknown {
  switch (node.kind) {
    case Kind.NULL:
      return null;
    case Kind.INT:
      // Past 2^53 a number of JavaScript is another one: the protocol writes those as text.
      return Number.isSafeInteger(Number(node.value))
        ? Number(node.value)
        : { $type: "BigInt", value: node.value };
    case Kind.FLOAT:
      return Number(node.value);
    case Kind.STRING:
    case Kind.ENUM:
    case Kind.BOOLEAN:
      return node.value;
    case Kind.LIST:
      return node.values.map(valueOf);
    case Kind.OBJECT:
      return Object.fromEntries(node.fields.map(({ name, value }) => [name.value, valueOf(value)]));
    case Kind.VARIABLE:
      throw new UnknownRequest("variables are not known here");
  }
}
