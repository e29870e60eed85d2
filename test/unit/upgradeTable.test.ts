import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { stackFileSchema } from "../../config/jsonSchema";
import { settingRows } from "../../config/reference";
import { REPOSITORY } from "../../local/control-plane/environment";
import { EDITS } from "../support/edits";
import { LARGER_EDITS } from "../support/edits/larger";

const TRIED = [...EDITS, ...LARGER_EDITS];

/** Settings whose edit no row speaks of, and why. */
const EXEMPT: Readonly<Record<string, string>> = {
  "autoscaling.keda.labels": "whom network policies let in, on a cluster that has its own KEDA",
  "autoscaling.keda.namespace": "whom network policies let in, on a cluster that has its own KEDA",
  "cluster.kubeconfig": "where the operator's file lies, not what is in the cluster",
  "models.*.gated": "asks for a token and changes no object",
};

/** What "of ..." behind the settings of a row stands for. */
const OWNERS: Readonly<Record<string, readonly string[]>> = {
  "a group": ["neuron.nodeGroups.*", "cluster.systemNodes"],
  "a Neuron group": ["neuron.nodeGroups.*"],
  "a model": ["models.*"],
  "a managed database": ["gateway.database"],
  "a managed cache": ["gateway.redis"],
  "a managed store": ["gateway.database", "gateway.redis"],
  "an in-cluster store": ["gateway.database", "gateway.redis"],
};

/** Cells of the table whose first column is headed `head`. */
function table(head: string): string[][] {
  const document = readFileSync(join(REPOSITORY, "docs", "upgrade.md"), "utf8");
  const pattern = new RegExp(`\\n\\| ${head} .*\\n\\| --.*\\n((?:\\|.*\\n)+)`);
  const [, lines = ""] = pattern.exec(document) ?? [];
  return lines
    .trim()
    .split("\n")
    .map((line) =>
      line
        .slice(1, -1)
        .split("|")
        .map((cell) => cell.trim()),
    );
}

/** Rows of the table of edits: the first column, and the types of the last, none for "nothing". */
const ROWS = table("edit").map(([edit = "", , replaces = ""]) => ({
  edit,
  replaces: replaces === "nothing" ? [] : replaces.split(", "),
}));

/** What a row says of a map: that something comes into it or goes out of it, which says nothing of the settings in it. */
const MEMBERSHIP = /^a \w+ (added to|taken out of) `([\w.]+)`$/;

/** The settings that the first column of a row names, each by the paths that it may have; `*` stands for a name of the user's choice. */
function settingsOf(edit: string): (readonly string[])[] {
  return edit.split("; ").flatMap((part) => {
    if (MEMBERSHIP.test(part)) {
      return [];
    }
    // What comes after "of a model" is a restriction.
    const owner = Object.keys(OWNERS).find((one) => part.includes(` of ${one}`)) ?? "";
    const [named = part] = owner === "" ? [part] : part.split(` of ${owner}`);
    const settingNames = [...named.matchAll(/`([\w.*]+)[^`]*`/g)].map(([, name = ""]) => name);
    return settingNames.map(
      (name) => OWNERS[owner]?.map((prefix) => `${prefix}.${name}`) ?? [name],
    );
  });
}

/** Whether a path of a row names `setting` or an object that it is in. */
function names(path: string, setting: string): boolean {
  const parts = setting.replaceAll("[]", "").split(".");
  return path
    .split(".")
    .every((part, index) => part === parts[index] || (part === "*" && index < parts.length));
}

const PATHS = settingRows(stackFileSchema("llm-gateway"))
  .flatMap(({ rows }) => rows)
  .map(({ path }) => path.replace("llm-gateway:", "").replace(/\.secure$/, ""));

/** Every setting that has a value of its own. */
const SETTINGS = [...new Set(PATHS)].filter(
  (path) => !PATHS.some((other) => other.startsWith(`${path}.`) || other.startsWith(`${path}[]`)),
);

test("every row of the table of edits is tried on the engine, and every edit that is tried has a row", () => {
  const tried = [...new Set(TRIED.map(({ row }) => row))];
  expect(tried.sort()).toEqual(ROWS.map(({ edit }) => edit).sort());
});

test("the table names the types of what each edit replaces, and nothing else", () => {
  const typeOf = (resource: string) => resource.split(" ")[0]?.split(":").at(-1) ?? "";
  for (const { edit, replaces } of ROWS) {
    const replaced = TRIED.filter(({ row }) => row === edit).flatMap(({ replace = [] }) =>
      replace.map(typeOf),
    );
    expect([...new Set(replaced)].sort(), edit).toEqual([...replaces].sort());
  }
});

describe("every setting", () => {
  const columns = [...ROWS.map(({ edit }) => edit), ...table("never").map(([edit = ""]) => edit)];
  const named = columns.flatMap(settingsOf);

  test("is found", () => {
    expect(SETTINGS.length).toBeGreaterThan(200);
    expect(SETTINGS).toEqual(
      expect.arrayContaining(["cluster.name", "gateway.redis.replicas", "huggingFaceToken"]),
    );
  });

  test("has a row that says what its edit does, or a reason to have none", () => {
    const silent = SETTINGS.filter(
      (setting) => !(setting in EXEMPT) && !named.flat().some((path) => names(path, setting)),
    );
    expect(silent).toEqual([]);
  });

  test("that has a reason to have none exists", () => {
    expect(SETTINGS).toEqual(expect.arrayContaining(Object.keys(EXEMPT)));
  });

  test("of a row exists", () => {
    const unknown = named.filter(
      (paths) => !SETTINGS.some((setting) => paths.some((path) => names(path, setting))),
    );
    expect(unknown).toEqual([]);
  });

  test("that is a map has rows for what comes into it and for what goes", () => {
    const maps = SETTINGS.flatMap((setting) => setting.split(".*.").slice(0, -1));
    expect(
      columns
        .flatMap((edit) => {
          const [, , map] = MEMBERSHIP.exec(edit) ?? [];
          return map === undefined ? [] : [map];
        })
        .sort(),
    ).toEqual([...new Set(maps)].flatMap((map) => [map, map]).sort());
  });
});
