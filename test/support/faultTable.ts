import Table from "cli-table3";
import type { Summary } from "../../operations/load/statistics";

/** What faults cost a client, row by row, as docs/faults.md has it. */
export class FaultTable {
  private readonly table = new Table({
    head: ["Fault", "Requests", "Failed", "By fallback", "p50 s", "p99 s", "max s"],
    style: { head: [], border: [] },
  });

  public add(fault: string, { requests, failed, fallbacks, latencyMs }: Summary): void {
    const { p50 = NaN, p99 = NaN, max = NaN } = latencyMs ?? {};
    const seconds = [p50, p99, max].map((ms) => (ms / 1000).toFixed(2));
    this.table.push([fault, requests, failed, fallbacks, ...seconds]);
  }

  public toString(): string {
    return this.table.toString();
  }
}
