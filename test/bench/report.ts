import { table } from "../../operations/stack/table";

/** A table of a benchmark on the console. */
export function printTable(head: readonly string[], rows: readonly (readonly string[])[]): void {
  console.log(table(head, rows));
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((left, right) => left - right);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
