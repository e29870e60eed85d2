import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { REPOSITORY } from "../../local/control-plane/environment";
import { EDITS } from "../support/edits";

/** Rows of the table of edits: the first column, and the types of the last, none for "nothing". */
function rows(): { readonly edit: string; readonly replaces: readonly string[] }[] {
  const document = readFileSync(join(REPOSITORY, "docs", "upgrade.md"), "utf8");
  const [, table = ""] = /\n\| edit .*\n\| --.*\n((?:\|.*\n)+)/.exec(document) ?? [];
  return (
    table
      .trim()
      .split("\n")
      // What must never be done is not tried.
      .filter((line) => !line.includes("| never do it"))
      .map((line) => {
        const [edit = "", , replaces = ""] = line
          .slice(1, -1)
          .split("|")
          .map((cell) => cell.trim());
        return { edit, replaces: replaces === "nothing" ? [] : replaces.split(", ") };
      })
  );
}

test("every row of the table of edits is tried on the engine, and every edit that is tried has a row", () => {
  const tried = new Set(EDITS.map(({ row }) => row));
  expect(rows().map(({ edit }) => edit)).toEqual(expect.arrayContaining([...tried]));
  expect([...tried]).toEqual(expect.arrayContaining(rows().map(({ edit }) => edit)));
});

test("the table names the types of what each edit replaces, and nothing else", () => {
  const typeOf = (resource: string) => resource.split(" ")[0]?.split(":").at(-1) ?? "";
  for (const { edit, replaces } of rows()) {
    const replaced = EDITS.filter(({ row }) => row === edit).flatMap(({ replace = [] }) =>
      replace.map(typeOf),
    );
    expect([...new Set(replaced)].sort(), edit).toEqual([...replaces].sort());
  }
});
