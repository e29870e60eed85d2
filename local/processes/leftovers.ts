import { existsSync } from "node:fs";
import { readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import execa from "execa";

/** Ends the processes of an earlier kubelet that was killed before it could, known by their id and by this folder's name. */
export async function endLeftovers(folder: string): Promise<void> {
  if (!existsSync(folder)) {
    return;
  }
  for (const pod of await readdir(folder)) {
    const file = join(folder, pod, "pid");
    if (!existsSync(file)) {
      continue;
    }
    const pid = Number(await readFile(file, "utf8"));
    // The id may belong to something else by now: ours was started in the pod's folder.
    const { stdout } = await execa("readlink", [`/proc/${pid}/cwd`], { reject: false });
    if (stdout.startsWith(join(folder, pod))) {
      process.kill(pid, "SIGKILL");
    }
    await rm(file, { force: true });
  }
}
