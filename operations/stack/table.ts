import Table from "cli-table3";

/** A cell of a table; an empty one is shown as a dash. */
export type Cell = string | number | undefined;

/** A table for a terminal, in plain characters. `compact` leaves out the lines between rows. */
export function table(
  head: readonly string[],
  rows: readonly (readonly Cell[])[],
  { compact = false }: { readonly compact?: boolean } = {},
): string {
  const drawn = new Table({ head: [...head], style: { head: [], border: [], compact } });
  drawn.push(...rows.map((row) => row.map((cell) => cell ?? "-")));
  return drawn.toString();
}
