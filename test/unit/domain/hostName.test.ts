import { describe, expect, test } from "vitest";
import { hostNameProblem, isWithin } from "../../../domain/hostName";

describe("a name of the gateway's own", () => {
  test.each(["llm.example.com", "example.com", "a.b.c.example.co.uk", "4llm.example.com"])(
    "may be %s",
    (name) => {
      expect(hostNameProblem(name)).toBeUndefined();
    },
  );

  test.each([
    ["LLM.example.com", "has capital letters, which DNS would change; write llm.example.com"],
    ["llm.example.com.", "ends with a dot; write llm.example.com"],
    ["localhost", "is no name that a certificate can be had for"],
    ["10.0.0.1", "is no name that a certificate can be had for"],
    [`${"a".repeat(53)}.example.com`, "has 65 characters; a certificate's name has 64 at most"],
  ])("may not be %s", (name, message) => {
    expect(hostNameProblem(name)).toContain(message);
  });
});

describe("a name", () => {
  test.each([
    ["llm.example.com", "example.com", true],
    ["example.com", "example.com.", true],
    ["a.b.example.com", "example.com", true],
    ["notexample.com", "example.com", false],
    ["example.com", "llm.example.com", false],
    ["llm.example.org", "example.com", false],
  ])("%s against the zone %s: %s", (name, zone, within) => {
    expect(isWithin(name, zone)).toBe(within);
  });
});
