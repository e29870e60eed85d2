import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdtemp, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import execa from "execa";
import { outputOf, UserError } from "../../domain/failure";
import { COMPILER_FLAGS, compile, sources } from "./compiler";
import { TOOLS, type Tool } from "./manifest";
import { buildOnce, cacheFolder, type Progress } from "./once";

/** First Go release that compiles every module of this folder: the highest `go` line of their go.mod. */
export const GO_MINIMUM = "1.26.4";

/**
 * Builds what is not built yet and returns the folders of the binaries, ready for PATH.
 *
 * Safe to run at the same time from several places: each tool is built once, under a lock, and moved into place whole.
 *
 * @param tools @default all
 * @param signal ends a build that runs
 * @throws UserError when Go is missing or too old, or a build fails
 */
export async function ensureTools(
  progress: Progress,
  tools: readonly Tool[] = TOOLS,
  signal?: AbortSignal,
): Promise<string[]> {
  const goVersion = await requireGo();
  const failed = new AbortController();
  const signals = [failed.signal, ...(signal === undefined ? [] : [signal])];
  const build = async (tool: Tool) => {
    try {
      return await ensureTool(tool, goVersion, progress, AbortSignal.any(signals));
    } catch (error) {
      failed.abort();
      throw error;
    }
  };
  // The first compiles the standard library for all. The others end with a few large packages and their programs, one after the
  // other: started together, each uses the cores that the other leaves.
  const [first, ...others] = tools;
  const folders = first === undefined ? [] : [await build(first)];
  return [...folders, ...(await settled(others.map(build)))];
}

/** Waits for all, so that nothing runs on behind an error. @throws the first error, in the order of time */
async function settled<T>(work: readonly Promise<T>[]): Promise<T[]> {
  try {
    return await Promise.all(work);
  } catch (error) {
    await Promise.allSettled(work);
    throw error;
  }
}

async function ensureTool(
  tool: Tool,
  goVersion: string,
  progress: Progress,
  signal: AbortSignal | undefined,
): Promise<string> {
  const module = join(__dirname, tool.module);
  const id = fingerprint(tool, await sources(tool, module), goVersion);
  const folder = join(cacheFolder(), `${tool.module}-${id}`);
  const build = async () => {
    const partial = await mkdtemp(join(cacheFolder(), ".partial-"));
    try {
      await compile(tool, module, partial, progress, signal);
      await rename(partial, folder);
    } catch (error) {
      throw new UserError(
        `building ${tool.module} failed:\n${outputOf(error)}`,
        `check that the Go module proxy can be reached (go env GOPROXY), that ${cacheFolder()} has 2 GB free and the folder of go env GOCACHE 8 GB, then run the command again`,
      );
    } finally {
      await rm(partial, { recursive: true, force: true });
    }
  };
  await buildOnce(tool.module, () => existsSync(folder), build, progress);
  return folder;
}

/**
 * Everything that decides what the binaries are: the same inputs are never built twice.
 *
 * @param files content of the module's files by their name
 */
export function fingerprint(
  tool: Tool,
  files: Readonly<Record<string, string>>,
  goVersion: string,
): string {
  const content = Object.entries(files).sort(([left], [right]) => (left < right ? -1 : 1));
  return createHash("sha256")
    .update(
      JSON.stringify([tool, content, goVersion, COMPILER_FLAGS, process.platform, process.arch]),
    )
    .digest("hex")
    .slice(0, 16);
}

async function requireGo(): Promise<string> {
  let output: string;
  try {
    ({ stdout: output } = await execa("go", ["env", "GOVERSION"], {
      cwd: join(__dirname, "etcd"),
    }));
  } catch (error) {
    throw new UserError(
      `Go cannot be run: ${outputOf(error)}`,
      `install Go ${GO_MINIMUM} or later (https://go.dev/doc/install) and make sure that "go version" works`,
    );
  }
  const version = output.replace("go", "");
  if (version.localeCompare(GO_MINIMUM, "en", { numeric: true }) < 0) {
    throw new UserError(
      `Go ${version} is too old`,
      `install Go ${GO_MINIMUM} or later (https://go.dev/doc/install)`,
    );
  }
  return version;
}
