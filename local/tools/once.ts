import { mkdir } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import type { ExecaChildProcess } from "execa";
import { lock } from "proper-lockfile";

/** Told how far a build is. */
export type Progress = (text: string) => void;

/** Where built tools are kept, shared by all checkouts of one user. */
export function cacheFolder(): string {
  return join(process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "llm-gateway", "tools");
}

/**
 * Builds something in the cache unless it is there, at most one process at a time: others wait and find it built.
 *
 * @param name what the lock is for
 * @param isBuilt asked before and again under the lock
 */
export async function buildOnce(
  name: string,
  isBuilt: () => boolean,
  build: () => Promise<void>,
  progress: Progress,
): Promise<void> {
  if (isBuilt()) {
    return;
  }
  await mkdir(cacheFolder(), { recursive: true });
  progress(`${name}: starting, or waiting for another build of it`);
  const release = await lock(join(cacheFolder(), name), {
    realpath: false,
    stale: 20_000,
    retries: { forever: true, minTimeout: 1000, maxTimeout: 1000 },
  });
  try {
    if (!isBuilt()) {
      await build();
    }
  } finally {
    await release();
  }
}

/** Waits for a program, and ends it when the signal says so. @throws execa's error when it fails or was ended */
export async function endedBy(
  signal: AbortSignal | undefined,
  child: ExecaChildProcess,
): Promise<{ readonly stdout: string }> {
  const end = () => {
    child.kill();
  };
  if (signal?.aborted === true) {
    end();
  }
  signal?.addEventListener("abort", end, { once: true });
  try {
    return await child;
  } finally {
    signal?.removeEventListener("abort", end);
  }
}
