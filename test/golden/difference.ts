import { diffArrays } from "diff";

/**
 * What is different between two texts of one object: a line for each value that went (`-`) or came (`+`), with the whole
 * path to it, so that a line says what it is about by itself.
 */
export function differenceOf(before: unknown, after: unknown): string[] {
  return diffArrays(flat("", before), flat("", after)).flatMap(({ added, removed, value }) =>
    added || removed ? value.map((line) => `${added ? "+" : "-"} ${line}`) : [],
  );
}

/** One line for each value inside of `value`, and for each line of a text of several. */
function flat(path: string, value: unknown): string[] {
  if (typeof value === "string" && value.includes("\n")) {
    return value.split("\n").map((line) => `${path} | ${line}`);
  }
  if (Array.isArray(value)) {
    return value.length === 0
      ? [`${path}: []`]
      : value.flatMap((item, index) => flat(`${path}[${itemName(item, index)}]`, item));
  }
  if (typeof value === "object" && value !== null) {
    const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
    return entries.length === 0
      ? [`${path}: {}`]
      : entries.flatMap(([key, item]) => flat(path === "" ? key : `${path}.${key}`, item));
  }
  return [
    `${path === "" ? "" : `${path}: `}${typeof value === "string" ? value : JSON.stringify(value)}`,
  ];
}

/** What tells the items of a list apart: their names; nothing for plain values, whose order the lines show. */
function itemName(item: unknown, index: number): string {
  if (typeof item !== "object" || item === null) {
    return "";
  }
  return "name" in item && typeof item.name === "string" ? item.name : String(index);
}
