import { describe, test } from "vitest";
import { expectAsWritten } from "./expectation";
import { writtenTexts } from "./files";
import { STACKS, stackTexts } from "./texts";

describe("every object of the stack", () => {
  test.each(STACKS)("%s is as test/golden says", async (stack) => {
    expectAsWritten(writtenTexts(stack), await stackTexts(stack));
  });
});
