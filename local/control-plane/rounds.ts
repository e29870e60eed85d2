import { setTimeout as sleep } from "node:timers/promises";
import { messageOf } from "../../domain/failure";

/** How long an environment's API server may be away before its daemons take it for gone. */
const PATIENCE_MS = 60_000;

/**
 * Repeats a round of a daemon's work until the API server has not answered for a minute. A round that fails is written to the
 * log, and the next one makes up for it.
 */
export async function repeatRounds(round: () => Promise<void>, intervalMs: number): Promise<void> {
  let lastSuccess = Date.now();
  while (Date.now() - lastSuccess < PATIENCE_MS) {
    try {
      await round();
      lastSuccess = Date.now();
    } catch (error) {
      console.error(`${new Date().toISOString()} ${messageOf(error)}`);
    }
    await sleep(intervalMs);
  }
  console.error(`the API server has not answered for ${PATIENCE_MS / 1000} s: giving up`);
  process.exitCode = 1;
}
