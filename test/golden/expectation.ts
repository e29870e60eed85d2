import { expect } from "vitest";
import { mismatches } from "./files";
import type { Texts } from "./texts";

/** Fails with the names of the objects that differ and the lines in which they do. */
export function expectAsWritten(written: Texts, declared: Texts): void {
  const lines = mismatches(written, declared);
  if (lines.length > 0) {
    expect.fail(
      `test/golden is not what is declared (- written, + declared). Meant so? make golden\n${lines.join("\n")}`,
    );
  }
}
