import { describe, expect, test } from "vitest";
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
    "operations/load/report.html",
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
