import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A kubeconfig in a file of its own, for what takes a path. */
export interface KubeconfigFile {
  readonly path: string;
  remove(): Promise<void>;
}

export async function kubeconfigFile(text: string): Promise<KubeconfigFile> {
  const folder = await mkdtemp(join(tmpdir(), "kubeconfig-"));
  const path = join(folder, "config");
  await writeFile(path, text);
  return { path, remove: () => rm(folder, { recursive: true }) };
}
