import { rm } from "node:fs/promises";
import { join } from "node:path";
import execa from "execa";
import { endedBy } from "./once";

/**
 * Makes a virtual environment of Python anew, with exactly the packages of a locked and hashed list.
 *
 * @param options.command Python that it is made with. @default python3
 * @param options.signal ends an installation that runs
 * @throws Error with the output of the command that failed
 */
export async function makeVirtualEnvironment(
  folder: string,
  lockFile: string,
  {
    command = "python3",
    signal,
  }: { readonly command?: string; readonly signal?: AbortSignal | undefined } = {},
): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  await execa(command, ["-m", "venv", folder]);
  const pip = execa(join(folder, "bin", "pip"), [
    "install",
    "--quiet",
    "--disable-pip-version-check",
    "--require-hashes",
    "--no-deps",
    "--requirement",
    lockFile,
  ]);
  await endedBy(signal, pip);
}
