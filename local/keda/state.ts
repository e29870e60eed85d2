import { readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";

const program = z.object({ pid: z.number(), port: z.number() });

const state = z.object({
  /** Id of the process that watches over both. */
  daemon: z.number(),
  /** With the port on which it says whether it is ready. */
  operator: program,
  /** With the port on which it serves external metrics. */
  adapter: program,
});

/** What runs of one environment's KEDA, as its daemon last wrote it down. */
export type KedaState = z.infer<typeof state>;

/** @param folder of the environment's KEDA */
export async function writeKedaState(folder: string, value: KedaState): Promise<void> {
  // Whole or not at all: others read it at any moment.
  await writeFile(`${fileIn(folder)}.new`, JSON.stringify(value));
  await rename(`${fileIn(folder)}.new`, fileIn(folder));
}

/** @returns undefined before the first start */
export async function readKedaState(folder: string): Promise<KedaState | undefined> {
  let text: string;
  try {
    text = await readFile(fileIn(folder), "utf8");
  } catch {
    return undefined;
  }
  return state.parse(JSON.parse(text));
}

function fileIn(folder: string): string {
  return join(folder, "state.json");
}
