/** What Prisma's Python client asks of its engine, in the words of the protocol that the WebAssembly build speaks. */
import { describe, expect, test } from "vitest";
import { clientAnswer } from "../../../../local/query-engine/answer";
import { clientRequest, UnknownRequest } from "../../../../local/query-engine/request";

const body = (query: string, more: object = {}) =>
  JSON.stringify({ variables: {}, operation_name: "query", query, ...more });
const single = (query: string) => {
  const request = clientRequest(body(query));
  if (request.kind !== "single") {
    throw new Error("not a single operation");
  }
  return request.operation;
};

describe("a query of the Python client", () => {
  test("names model, action, arguments and fields", () => {
    const { query, name, answeredAs } = single(`query {
      result: findManyLiteLLM_TeamTable(
        where: { team_id: { in: ["a", "b"] }, blocked: false, spend: { gt: -1.5 }, models: { isEmpty: null } }
        orderBy: [{ created_at: desc }], take: 3
      ) { team_id members(take: 1) { user_id } budget { budget_id } }
    }`);
    expect({ name, answeredAs }).toEqual({
      name: "findManyLiteLLM_TeamTable",
      answeredAs: "result",
    });
    expect(query).toEqual({
      modelName: "LiteLLM_TeamTable",
      action: "findMany",
      query: {
        arguments: {
          where: {
            team_id: { in: ["a", "b"] },
            blocked: false,
            spend: { gt: -1.5 },
            models: { isEmpty: null },
          },
          orderBy: [{ created_at: "desc" }],
          take: 3,
        },
        selection: {
          team_id: true,
          members: { arguments: { take: 1 }, selection: { user_id: true } },
          budget: { arguments: {}, selection: { budget_id: true } },
        },
      },
    });
  });

  test.each([
    ["findUniqueT", "findUnique", "T"],
    ["findUniqueTOrThrow", "findUniqueOrThrow", "T"],
    ["findFirstTOrThrow", "findFirstOrThrow", "T"],
    ["createOneT", "createOne", "T"],
    ["createManyT", "createMany", "T"],
    ["updateManyT", "updateMany", "T"],
    ["upsertOneT", "upsertOne", "T"],
    ["deleteOneT", "deleteOne", "T"],
    ["aggregateT", "aggregate", "T"],
    ["groupByT", "groupBy", "T"],
    ["queryRaw", "queryRaw", undefined],
    ["executeRaw", "executeRaw", undefined],
  ])("%s is the action %s", (name, action, modelName) => {
    const { query } = single(`mutation { result: ${name} { a } }`);
    expect(query.action).toBe(action);
    expect(query.modelName).toBe(modelName);
  });

  test("keeps an integer that JavaScript could not hold", () => {
    const { query } = single(`query { findManyT(a: 9007199254740993, b: 9007199254740991) { a } }`);
    expect(query.query.arguments).toEqual({
      a: { $type: "BigInt", value: "9007199254740993" },
      b: 9007199254740991,
    });
  });

  test("may be one of several in one transaction", () => {
    const batch = [{ query: "mutation { a: createOneT { x } }", variables: {} }];
    expect(clientRequest(JSON.stringify({ batch, transaction: true }))).toMatchObject({
      kind: "batch",
      transaction: true,
      operations: [{ answeredAs: "a", query: { action: "createOne", modelName: "T" } }],
    });
  });

  test.each([
    ["another operation", body("query { dropAllT { a } }")],
    ["several fields", body("query { findManyT { a } findManyU { a } }")],
    ["a fragment", body("query { findManyT { ...F } }")],
    ["a variable", body("query ($x: Int) { findManyT(a: $x) { a } }")],
    ["values of variables", body("query { findManyT { a } }", { variables: { x: 1 } })],
    ["no query", JSON.stringify({ variables: {} })],
    ["a list", "[]"],
  ])("is refused, not guessed: %s", (_what, text) => {
    expect(() => clientRequest(text)).toThrow(UnknownRequest);
  });
});

describe("an answer to the Python client", () => {
  const operation = single("query { result: findManyT { a } }");

  test("has the name that it asked for, and values without their types", () => {
    const row = {
      at: { $type: "DateTime", value: "2026-01-01T00:00:00.000Z" },
      big: { $type: "BigInt", value: "9007199254740993" },
      meta: { $type: "Json", value: '{"a":1}' },
      plain: [1, null, "x"],
    };
    expect(clientAnswer({ data: { findManyT: [row] } }, operation)).toEqual({
      data: {
        result: [
          {
            at: "2026-01-01T00:00:00.000Z",
            big: "9007199254740993",
            meta: '{"a":1}',
            plain: [1, null, "x"],
          },
        ],
      },
    });
  });

  test("is the error itself where there is one", () => {
    const errors = { errors: [{ error: "no" }] };
    expect(clientAnswer(errors, operation)).toEqual(errors);
  });

  test("under another name is a defect, and says so", () => {
    expect(() => clientAnswer({ data: { findManyU: [] } }, operation)).toThrow("no findManyT");
  });
});
