import { stringify } from "yaml";
import { record } from "../../local/render/recorder";
import { stackSettings } from "../../local/render/stackFile";
import { differenceOf } from "./difference";
import { filesOf, type Body, type Files } from "./objects";
import type { Variant } from "./variants";
import { overlay } from "../support/overlay";

/** Stacks of the repository, all of whose objects are written out. */
export const STACKS = ["local", "dev", "prod"] as const;

/** Texts by their file's path below `test/golden`. */
export type Texts = ReadonlyMap<string, string>;

const recorded = new Map<string, Promise<Files>>();

/** What a stack of the repository declares; it is run once. */
function stackFiles(stack: string): Promise<Files> {
  const files =
    recorded.get(stack) ?? record({ stack, settings: stackSettings(stack) }).then(filesOf);
  recorded.set(stack, files);
  return files;
}

/** Every object of a stack: a file for each component, in it the objects by name. */
export async function stackTexts(stack: string): Promise<Texts> {
  const files = await stackFiles(stack);
  return new Map([...files].map(([file, objects]) => [`${stack}/${file}.yaml`, text(objects)]));
}

/** What a variant adds to, removes from and changes in its base: one file. */
export async function variantTexts({ name, base, settings }: Variant): Promise<Texts> {
  const before = flattened(await stackFiles(base));
  const after = flattened(
    filesOf(await record({ stack: base, settings: overlay(stackSettings(base), settings) })),
  );
  const added = [...after].filter(([label]) => !before.has(label));
  const removed = [...before.keys()].filter((label) => !after.has(label));
  const changed = [...after].flatMap(([label, body]) => {
    const lines = differenceOf(before.get(label) ?? body, body);
    return lines.length === 0 ? [] : [[label, lines.join("\n")] as const];
  });
  const sections = {
    base,
    settings,
    ...(removed.length > 0 ? { removed } : {}),
    ...(changed.length > 0 ? { changed: Object.fromEntries(changed) } : {}),
    ...(added.length > 0 ? { added: Object.fromEntries(added) } : {}),
  };
  return new Map([[`variants/${name}.yaml`, text(new Map(Object.entries(sections)))]]);
}

function flattened(files: Files): Map<string, Body> {
  return new Map(
    [...files.values()].flatMap((objects) => [...objects]).sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}

/** One top-level key for each object, with an empty line between them: git names the key that a change stands under. */
function text(objects: ReadonlyMap<string, unknown>): string {
  return [...objects]
    .map(([label, body]) =>
      stringify(
        { [label]: body },
        { lineWidth: 0, sortMapEntries: true, aliasDuplicateObjects: false },
      ),
    )
    .join("\n");
}
