import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { REPOSITORY } from "../../local/control-plane/environment";
import { policies } from "../../policies/pack";

const README = readFileSync(join(REPOSITORY, "README.md"), "utf8");

/** Words in code style within a text. */
const codes = (text: string) => [...text.matchAll(/`([^`]+)`/g)].map(([, code]) => code ?? "");

describe("README.md", () => {
  test("lists every policy with its parameters", () => {
    const [, section = ""] = README.split(/^## Policies$/m);
    const rows = section
      .split(/^## /m)[0]
      ?.split("\n")
      .filter((line) => line.startsWith("| `"))
      .map((line) => line.split("|"));
    const listed = Object.fromEntries(
      (rows ?? []).map(([, name = "", , parameters = ""]) => [
        codes(name)[0] ?? "",
        codes(parameters).sort(),
      ]),
    );
    const pack = Object.fromEntries(
      policies().map(({ name, configSchema }) => [
        name,
        Object.keys(configSchema?.properties ?? {}).sort(),
      ]),
    );
    expect(listed).toEqual(pack);
  });
});
