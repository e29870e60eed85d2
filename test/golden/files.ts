import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { parse } from "yaml";
import { differenceOf } from "./difference";
import type { Texts } from "./texts";

/** The texts in the repository under `folder`, such as `local` or `variants`, by their paths below `test/golden`. */
export function writtenTexts(folder: string): Texts {
  const path = join(__dirname, folder);
  const names = existsSync(path) ? readdirSync(path).sort() : [];
  return new Map(
    names.map((name) => [`${folder}/${name}`, readFileSync(join(path, name), "utf8")]),
  );
}

/** Writes `texts`, and removes every other file of `folder`. */
export function writeTexts(folder: string, texts: Texts): void {
  rmSync(join(__dirname, folder), { recursive: true, force: true });
  for (const [file, text] of texts) {
    const path = join(__dirname, file);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
}

/** What a reader needs to know where `written` and `declared` differ, by file and object; empty where they do not. */
export function mismatches(written: Texts, declared: Texts): string[] {
  const files = [...new Set([...written.keys(), ...declared.keys()])].sort();
  return files.flatMap((file) => {
    const before = written.get(file);
    const after = declared.get(file);
    if (before === after) {
      return [];
    }
    if (after === undefined) {
      return [`${file}: nothing declares this any more`];
    }
    const lines = objectMismatches(objectsIn(before ?? ""), objectsIn(after));
    return lines.length > 0
      ? [`${file}:`, ...lines]
      : [`${file}: the text is not as it would be written`];
  });
}

function objectMismatches(
  before: Readonly<Record<string, unknown>>,
  after: Readonly<Record<string, unknown>>,
): string[] {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].sort().flatMap((label) => {
    if (!(label in before)) {
      return [`  ${label}: is new`];
    }
    if (!(label in after)) {
      return [`  ${label}: is gone`];
    }
    return isDeepStrictEqual(before[label], after[label])
      ? []
      : [`  ${label}:`, ...differenceOf(before[label], after[label]).map((line) => `    ${line}`)];
  });
}

function objectsIn(text: string): Record<string, unknown> {
  return { ...(parse(text) as Record<string, unknown> | null) };
}
