import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as ts from "typescript";
import { expect, test } from "vitest";
import { REPOSITORY } from "../../../local/control-plane/environment";

interface Field {
  readonly name: string;
  readonly documented: boolean;
}

/** The fields of a file's exported interfaces, and whether each says what it means. */
function fieldsOf(file: string): Field[] {
  const source = ts.createSourceFile(
    file,
    readFileSync(join(REPOSITORY, file), "utf8"),
    ts.ScriptTarget.Latest,
    true,
  );
  return source.statements
    .filter(ts.isInterfaceDeclaration)
    .filter(({ modifiers }) => modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword))
    .flatMap((declaration) =>
      declaration.members.filter(ts.isPropertySignature).map((member) => ({
        name: `${file}: ${declaration.name.text}.${member.name.getText(source)}`,
        documented: ts.getJSDocCommentsAndTags(member).length > 0,
      })),
    );
}

/** Not held to it: the typed model of LiteLLM's own file format. */
const EXEMPT = "components/litellm/proxyConfig.ts";

test("every field of an exported interface of components and domain says what it means", () => {
  // From the disk: the mutation tests run in a copy that is no checkout.
  const fields = ["components", "domain"]
    .flatMap((folder) =>
      readdirSync(join(REPOSITORY, folder), { recursive: true, encoding: "utf8" }).map((path) =>
        join(folder, path),
      ),
    )
    .filter((file) => file.endsWith(".ts") && file !== EXEMPT)
    .flatMap(fieldsOf);
  expect(fields.length).toBeGreaterThan(80);
  expect(fields.filter(({ documented }) => !documented).map(({ name }) => name)).toEqual([]);
});
