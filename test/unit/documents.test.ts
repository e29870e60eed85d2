import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { REPOSITORY } from "../../local/control-plane/environment";

const documents = ["", "docs"].flatMap((folder) =>
  readdirSync(join(REPOSITORY, folder))
    .filter((name) => name.endsWith(".md"))
    .map((name) => join(folder, name)),
);

/** The place of a heading in GitHub's page: lower case, dashes for spaces, no other punctuation. */
const anchorOf = (heading: string) =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N} _-]/gu, "")
    .replaceAll(" ", "-");

const anchorsOf = (text: string) =>
  [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading = ""]) => anchorOf(heading));

/** Links of a document to files of the repository, as written. */
const linksOf = (text: string) =>
  [...text.matchAll(/\]\((?!https?:)([^)\s]+)\)/g)].map(([, target = ""]) => target);

function isThere(document: string, target: string): boolean {
  const [path = "", anchor] = target.split("#");
  const file = path === "" ? document : join(dirname(document), path);
  return (
    existsSync(join(REPOSITORY, file)) &&
    (anchor === undefined ||
      anchorsOf(readFileSync(join(REPOSITORY, file), "utf8")).includes(anchor))
  );
}

describe.each(documents)("%s", (document) => {
  const text = readFileSync(join(REPOSITORY, document), "utf8");

  test("links to files and headings that exist", () => {
    expect(linksOf(text).filter((target) => !isThere(document, target))).toEqual([]);
  });
});

test("the README leads to every other document", () => {
  const led = linksOf(readFileSync(join(REPOSITORY, "README.md"), "utf8"));
  expect(
    documents.filter((document) => document !== "README.md" && !led.includes(document)),
  ).toEqual([]);
});

test("the pages for users name make targets that exist", () => {
  const makefile = readFileSync(join(REPOSITORY, "Makefile"), "utf8");
  const targets = [...makefile.matchAll(/^([a-z_]+):/gm)].map(([, name]) => name);
  const pages = documents.filter((path) => path === "README.md" || path.startsWith("docs/"));
  const named = pages.flatMap((document) =>
    [...readFileSync(join(REPOSITORY, document), "utf8").matchAll(/(?:`|^)make ([a-z]+)/gm)].map(
      ([, name = ""]) => name,
    ),
  );
  expect(named.length).toBeGreaterThan(10);
  expect([...new Set(named)].filter((name) => !targets.includes(name))).toEqual([]);
});
