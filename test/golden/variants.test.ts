import { describe, expect, test } from "vitest";
import { expectAsWritten } from "./expectation";
import { writtenTexts } from "./files";
import { variantTexts } from "./texts";
import { VARIANTS } from "./variants";

const written = writtenTexts("variants");

describe("what a stack declares differently from its base", () => {
  test.each(VARIANTS)("$name is as test/golden says", async (variant) => {
    const declared = await variantTexts(variant);
    const ours = new Map([...written].filter(([file]) => declared.has(file)));
    expectAsWritten(ours, declared);
  });

  test("is written for the variants that there are, and for no other", () => {
    expect([...written.keys()]).toEqual(VARIANTS.map(({ name }) => `variants/${name}.yaml`).sort());
  });
});
