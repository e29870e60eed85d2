/** How a policy document of IAM is read: JSON text, or the object itself. */
import { describe, expect, test } from "vitest";
import { policyDocument } from "../../policies/resources/aws";
import { UNKNOWN, type Value } from "../../policies/resources/values";

const allow = { Effect: "Allow", Action: "s3:GetObject", Resource: "*" };
const read = {
  sid: "statement 0",
  effect: "Allow",
  actions: ["s3:GetObject"],
  notActions: [],
  principal: undefined,
  notPrincipal: undefined,
  condition: undefined,
};

describe("a policy document", () => {
  test.each<[string, Value]>([
    ["text", JSON.stringify({ Version: "2012-10-17", Statement: [allow] })],
    ["an object", { Statement: [allow] }],
    ["one statement", { Statement: allow }],
  ])("is read from %s", (_from, document) => {
    expect(policyDocument(document)).toEqual({ statements: [read] });
  });

  test("has statements of all elements, named by their Sid or their place", () => {
    const principal = { AWS: "*" };
    const condition = { StringEquals: { a: "b" } };
    const statement: Value = {
      ...{ Sid: "s", Effect: "Deny", NotAction: ["a:B", UNKNOWN], NotPrincipal: principal },
      ...{ Principal: principal, Condition: condition },
    };
    expect(policyDocument({ Statement: [statement, { ...allow, Sid: "" }] })).toEqual({
      statements: [
        {
          ...{ sid: "s", effect: "Deny", actions: [], notActions: ["a:B"] },
          ...{ principal, notPrincipal: principal, condition },
        },
        { ...read, sid: "statement 1" },
      ],
    });
  });

  test.each<[string, Value]>([
    ["it is left out", undefined],
    ["it is not known", UNKNOWN],
    ["its statement is not known", { Statement: UNKNOWN }],
    ["its statements are not known", { Statement: [UNKNOWN] }],
    ["it has none", { Statement: [] }],
  ])("has no statement where %s", (_why, document) => {
    expect(policyDocument(document)).toEqual({ statements: [] });
  });

  test("may have an effect that is not known", () => {
    expect(policyDocument({ Statement: { ...allow, Effect: UNKNOWN } })).toEqual({
      statements: [{ ...read, effect: UNKNOWN }],
    });
  });

  test.each<[Value, string]>([
    ["", "is empty"],
    ["[]", "is no JSON object"],
    [3, "is no JSON object"],
    [{}, "has no Statement, so it says nothing"],
    [{ statement: [allow] }, 'has "statement" in place of "Statement"'],
    [{ version: "2012-10-17", Statement: [allow] }, 'has "version" in place of "Version"'],
    [{ Statement: [allow, "x"] }, "has a Statement that is no object"],
    [{ Statement: "x" }, "has a Statement that is no object"],
    [{ Statement: [allow, { ...allow, action: "*" }] }, 'has "action" in place of "Action"'],
    [
      { Statement: { ...allow, Effect: "allow" } },
      "has a statement whose Effect is neither Allow nor Deny",
    ],
    [{ Statement: {} }, "has a statement whose Effect is neither Allow nor Deny"],
  ])("%j is refused", (document, problem) => {
    expect(policyDocument(document)).toEqual({ problem });
  });

  test("that is no JSON is told so, with what the reader says", () => {
    expect(policyDocument("{")).toEqual({
      problem: expect.stringMatching(/^is no JSON \(.+\)$/) as string,
    });
  });
});
