import { setTimeout as sleep } from "node:timers/promises";

/**
 * Waits, or returns at once where there is nothing to wait for or `signal` ends it.
 *
 * @param ms milliseconds
 */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  if (ms > 0 && !signal.aborted) {
    await sleep(ms, undefined, { signal }).catch((error: unknown) => {
      if (!signal.aborted) {
        throw error;
      }
    });
  }
}
