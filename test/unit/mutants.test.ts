import { describe, expect, test } from "vitest";
import { sampleText } from "../mutants/sample";
import { isProduct, patternsFor } from "../mutants/selection";

describe("make mutants", () => {
  test.each(["index.ts", "domain/cidr.ts", "components/litellm/gateway.ts", "policies/rules/a.ts"])(
    "changes %s",
    (file) => {
      expect(isProduct(file)).toBe(true);
    },
  );

  test.each([
    "local/render/recorder.ts",
    "test/unit/lint.test.ts",
    "operations/cli.ts",
    "operations/load/page.html",
    "domain.ts",
  ])("leaves %s alone", (file) => {
    expect(isProduct(file)).toBe(false);
  });

  test("takes files, lines of a file, and folders", () => {
    expect(patternsFor(["domain/cidr.ts", "./domain/cidr.ts:10-20", "components/vllm/"])).toEqual([
      "domain/cidr.ts",
      "domain/cidr.ts:10-20",
      "components/vllm/**/*.ts",
    ]);
  });

  test.each(["local", "docs/aws.md", "/etc"])("refuses %s, and says what to name", (path) => {
    expect(() => patternsFor([path])).toThrow(`"${path}" has no code whose mutants count`);
  });
});

test("a sample of all mutants says its survivors, its score and how far off that may be", () => {
  const mutant = (id: number, status: string, line = 1) => ({
    id: String(id),
    mutatorName: "ConditionalExpression",
    replacement: "true",
    location: { start: { line, column: 1 } },
    status,
  });
  const mutants = [
    ...Array.from({ length: 88 }, (_, id) => mutant(id, "Killed")),
    mutant(100, "Timeout"),
    ...Array.from({ length: 10 }, (_, id) => mutant(200 + id, "Survived", id)),
    // 25 percent of these belong to the sample.
    ...Array.from({ length: 4 }, (_, id) => mutant(300 + id, "NoCoverage")),
    ...Array.from({ length: 297 }, (_, id) => mutant(400 + id, "RuntimeError")),
  ];
  const lines = sampleText({ files: { "domain/cidr.ts": { mutants } } }, 25).split("\n");
  expect(lines).toHaveLength(11);
  expect(lines[3]).toBe("survived: domain/cidr.ts:3 ConditionalExpression: true");
  expect(lines.at(-1)).toBe(
    "89 of 100 noticed, of 400 mutants in all: 89.0 %, ± 6.1 at 95 % confidence",
  );
});
