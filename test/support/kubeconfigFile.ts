import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";

/** A kubeconfig in a file of its own for one test, for what takes a path. @returns the path */
export async function kubeconfigFile(text: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "kubeconfig-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const path = join(folder, "config");
  await writeFile(path, text);
  return path;
}
