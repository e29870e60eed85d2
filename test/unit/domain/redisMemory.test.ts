import { describe, expect, test } from "vitest";
import fc from "fast-check";
import { parseQuantity } from "../../../domain/quantity";
import { maxMemoryOf } from "../../../domain/redisMemory";

describe("maxmemory", () => {
  test.each([
    ["512Mi", "384mb"],
    ["256Mi", "192mb"],
    ["1Gi", "768mb"],
    ["64Mi", "48mb"],
    // 1 GB is 953.7 MiB.
    ["1G", "715mb"],
  ])("of a limit of %s is %s", (limit, maxmemory) => {
    expect(maxMemoryOf(limit)).toBe(maxmemory);
  });

  test("leaves at least a quarter of any limit", () => {
    fc.assert(
      fc.property(fc.integer({ min: 64, max: 65_536 }), (mebibytes) => {
        const limit = `${mebibytes}Mi`;
        const bytes = Number(maxMemoryOf(limit).replace("mb", "")) * 2 ** 20;
        expect(bytes).toBeLessThanOrEqual(parseQuantity(limit) * 0.75);
        expect(bytes).toBeGreaterThan(parseQuantity(limit) * 0.75 - 2 ** 20);
      }),
    );
  });

  test("is refused for what is no quantity", () => {
    expect(() => maxMemoryOf("512 MB")).toThrow(/not a Kubernetes quantity/);
  });
});
