import { describe, expect, test } from "vitest";
import { z } from "zod";
import { ConfigError } from "../../../config/rules/problems";
import { kindOf, wording } from "../../../config/wording";

/** What is said of the first thing that is wrong with a value. */
function said(schema: z.ZodType, value: unknown, hint = ""): string {
  const [issue] = schema.safeParse(value, { reportInput: true }).error?.issues ?? [];
  if (issue === undefined) {
    throw new Error(`${JSON.stringify(value)} is right`);
  }
  return wording(issue, hint);
}

describe("what is wrong with a value", () => {
  test.each<[z.ZodType, unknown, string]>([
    [z.object({}), "x", "must be a map, not a string"],
    [z.object({}), null, "must be a map, not nothing"],
    [z.object({}), ["x"], "must be a map, not a list"],
    [z.record(z.string(), z.string()), 5, "must be a map, not a number"],
    [z.array(z.string()), { a: 1 }, "must be a list, not a map"],
    [z.array(z.string()), true, "must be a list, not a boolean"],
    [z.number(), "5", "must be a number, not a string"],
    [z.boolean(), "yes", "must be true or false, not a string"],
    [z.boolean(), 1, "must be true or false, not a number"],
  ])("of another kind is said in the words of a YAML file: %#", (schema, value, expected) => {
    expect(said(schema, value)).toBe(expected);
  });

  test.each([
    [5, "must be a string, not a number; put it in quotes"],
    [true, "must be a string, not a boolean; put it in quotes"],
    [null, "must be a string, not nothing"],
    [["x"], "must be a string, not a list"],
  ])("in the place of a string names the quotes where these help: %j", (value, expected) => {
    expect(said(z.string(), value)).toBe(expected);
  });

  test("with a fraction is no whole number, and the value shows why", () => {
    expect(said(z.int(), 1.5)).toBe("must be a whole number");
    expect(said(z.int(), "1")).toBe("must be a number, not a string");
  });

  test("ends with the hint where the kind is wrong", () => {
    expect(said(z.object({}), 1, "; its keys: a")).toBe("must be a map, not a number; its keys: a");
  });

  test.each<[z.ZodType, unknown, string]>([
    [z.string().min(1), "", "must not be empty"],
    [z.array(z.string()).min(1), [], "must not be empty"],
    [z.string().min(3), "ab", "must have at least 3 characters"],
    [z.string().max(3), "abcd", "must have at most 3 characters"],
    [z.string().max(1), "ab", "must have at most 1 characters"],
    [z.array(z.string()).min(2), ["a"], "must have at least 2 items"],
    [z.array(z.string()).max(1), ["a", "b"], "must have at most 1 items"],
    [z.number().min(1), 0, "must be at least 1"],
    [z.number().max(9), 10, "must be at most 9"],
  ])("of the wrong size is told the bound: %#", (schema, value, expected) => {
    expect(said(schema, value)).toBe(expected);
  });

  test("that is none of a few names these", () => {
    expect(said(z.union([z.literal("a"), z.literal(2)]), "c")).toBe("must be one of a, 2");
  });

  test("with a text of its own keeps it", () => {
    expect(said(z.union([z.int(), z.null()], "write a number or null"), "x")).toBe(
      "write a number or null",
    );
    expect(said(z.string().regex(/^a/, "must begin with a"), "b")).toBe("must begin with a");
  });
});

test("a kind that YAML has no other word for is called what the schema calls it", () => {
  expect(kindOf("date")).toBe("date");
});

test("all problems of a configuration are told at once, each in a line of its own", () => {
  const wrong = (key: string) => ({ path: [key], value: 1, message: "is wrong" });
  expect(new ConfigError("p", [wrong("a")]).message).toBe(
    "the stack's configuration has a problem; nothing was created:\n  - p:a = 1: is wrong",
  );
  expect(new ConfigError("p", [wrong("a"), wrong("b")]).message).toBe(
    "the stack's configuration has 2 problems; nothing was created:\n  - p:a = 1: is wrong\n  - p:b = 1: is wrong",
  );
});
