/** Processes of a test by their numbers, as Linux tells of them. */
import { readdirSync, readFileSync } from "node:fs";

/** Signals a process, unless it has ended meanwhile. */
export function send(pid: number, signal: NodeJS.Signals): void {
  if (runs(pid)) {
    process.kill(pid, signal);
  }
}

/** State and parent in `/proc/PID/stat`, whose second field, the name, may hold spaces. */
function statOf(pid: number | string): { readonly state: string; readonly parent: number } {
  const stat = textOf(`/proc/${pid}/stat`);
  const [state = "", parent = ""] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return { state, parent: Number(parent) };
}

/** Empty for a process that has ended, be it between two steps of reading. */
function textOf(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if (error instanceof Error && /ENOENT|ESRCH/.test(error.message)) {
      return "";
    }
    throw error;
  }
}

/** Whether a process is there, and not one that has ended and nobody has waited for. */
export function runs(pid: number): boolean {
  const { state } = statOf(pid);
  return state !== "" && state !== "Z";
}

/**
 * Signals a process and its children, be they stopped. It is stopped first, so that it makes no more of them, and the children come
 * before it: of one that is gone, nobody knows which they were. @returns all that got the signal
 */
export function sendToAll(pid: number, signal: NodeJS.Signals): readonly number[] {
  send(pid, "SIGSTOP");
  const all = [...childrenOf(pid), pid];
  for (const each of all) {
    send(each, signal);
  }
  return all;
}

/** Processes whose parent a process is: those of PostgreSQL have sessions of their own. */
function childrenOf(pid: number): number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name) && statOf(name).parent === pid)
    .map(Number);
}
