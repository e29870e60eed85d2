import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import execa from "execa";
import { outputOf, UserError } from "../../domain/failure";
import { TOOLS, type Tool } from "./manifest";
import { buildOnce, cacheFolder, type Progress } from "./once";

/** First Go release that compiles every module of this folder. */
const GO_MINIMUM = "1.26.4";

/**
 * Builds what is not built yet and returns the folders of the binaries, ready for PATH.
 *
 * Safe to run at the same time from several places: each tool is built once, under a lock, and moved into place whole.
 *
 * @throws UserError when Go is missing or too old, or a build fails
 */
export async function ensureTools(progress: Progress): Promise<string[]> {
  const goVersion = await requireGo();
  const folders: string[] = [];
  for (const tool of TOOLS) {
    folders.push(await ensureTool(tool, goVersion, progress));
  }
  return folders;
}

async function ensureTool(tool: Tool, goVersion: string, progress: Progress): Promise<string> {
  const folder = join(cacheFolder(), `${tool.module}-${await fingerprint(tool, goVersion)}`);
  const build = async () => {
    const partial = await mkdtemp(join(cacheFolder(), ".partial-"));
    try {
      await compile(tool, partial, progress);
      await rename(partial, folder);
    } finally {
      await rm(partial, { recursive: true, force: true });
    }
  };
  await buildOnce(tool.module, () => existsSync(folder), build, progress);
  return folder;
}

/** Everything that decides what the binaries are: the same inputs are never built twice. */
async function fingerprint(tool: Tool, goVersion: string): Promise<string> {
  const hash = createHash("sha256").update(JSON.stringify([tool, goVersion, process.arch]));
  for (const file of ["go.mod", "go.sum"]) {
    hash.update(await readFile(join(__dirname, tool.module, file)));
  }
  return hash.digest("hex").slice(0, 16);
}

async function compile(tool: Tool, output: string, progress: Progress): Promise<void> {
  const cwd = join(__dirname, tool.module);
  const packages = Object.values(tool.programs);
  progress(`${tool.module}: downloading modules`);
  const go = async (args: readonly string[], onLine?: (line: string) => void) => {
    const child = execa("go", args, { cwd, env: { CGO_ENABLED: "0" } });
    child.stderr?.setEncoding("utf8").on("data", (chunk: string) => {
      for (const line of chunk.split("\n")) {
        onLine?.(line);
      }
    });
    return child;
  };
  try {
    const { stdout } = await go(["list", "-deps", ...packages]);
    const total = stdout.split("\n").length;
    let done = 0;
    const flags = Object.entries(tool.stamps).map(([name, value]) => `-X ${name}=${value}`);
    for (const [binary, path] of Object.entries(tool.programs)) {
      await go(
        [
          "build",
          "-v",
          "-trimpath",
          "-ldflags",
          ["-s", "-w", ...flags].join(" "),
          "-o",
          join(output, binary),
          path,
        ],
        (line) => {
          if (/^[\w.-]+(\/|$)/.test(line)) {
            done += 1;
            progress(`${tool.module}: ${binary}, ${done} of up to ${total} packages`);
          }
        },
      );
    }
  } catch (error) {
    throw new UserError(
      `building ${tool.module} failed:\n${outputOf(error)}`,
      `check that the Go module proxy can be reached (go env GOPROXY) and that ${cacheFolder()} has 3 GB free, then run the command again`,
    );
  }
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
