import { readFile } from "node:fs/promises";

/** Ticks of a second in /proc; the same on every Linux that Node.js runs on. */
const TICKS_PER_SECOND = 100;
const PAGE_BYTES = 4096;

/** CPU and memory of one process, as a kubelet measures them. Linux only. */
export class UsageMeter {
  private last: { readonly ticks: number; readonly at: number } | undefined;

  /** Cores used since the last call, in thousandths, and resident memory in MiB; undefined at first and for a process that has ended. */
  public async measure(
    pid: number,
  ): Promise<{ readonly cpuMillis: number; readonly memoryMiB: number } | undefined> {
    let stat: string;
    let statm: string;
    try {
      [stat, statm] = await Promise.all([
        readFile(`/proc/${pid}/stat`, "utf8"),
        readFile(`/proc/${pid}/statm`, "utf8"),
      ]);
    } catch {
      this.last = undefined;
      return undefined;
    }
    // The name in parentheses may hold spaces; after it comes the state, the third field.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    const ticks = Number(fields[11]) + Number(fields[12]);
    const at = performance.now();
    const before = this.last;
    this.last = { ticks, at };
    if (before === undefined || ticks < before.ticks) {
      return undefined;
    }
    const cores = (ticks - before.ticks) / TICKS_PER_SECOND / ((at - before.at) / 1000);
    const pages = Number(statm.split(" ")[1]);
    return {
      cpuMillis: Math.round(cores * 1000),
      memoryMiB: Math.round((pages * PAGE_BYTES) / 1024 / 1024),
    };
  }
}
