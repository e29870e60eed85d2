import { mkdtemp, readFile, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import execa from "execa";
import { z } from "zod";
import type { Tool } from "./manifest";
import { endedBy, type Progress } from "./once";

/**
 * What the compiler leaves out: debugging data, which the linker would drop, and, outside of the standard library, inlining. Two fifths
 * of the time of a first start go into these; the programs run a little slower. docs/first-start.md has the figures.
 */
export const COMPILER_FLAGS: readonly string[] = [
  "-gcflags=all=-dwarf=false -l",
  // The last pattern that a package matches counts.
  "-gcflags=std=-dwarf=false",
];

/**
 * Compiles all programs of a tool by one `go build`, which compiles a package that several of them need once.
 *
 * @param folder the Go module
 * @param output folder that gets the binaries
 * @param signal ends the compiler
 * @throws execa's error when Go fails
 */
export async function compile(
  tool: Tool,
  folder: string,
  output: string,
  progress: Progress,
  signal?: AbortSignal,
): Promise<void> {
  const packages = Object.values(tool.programs);
  const go = (args: readonly string[], onLine: (line: string) => void) =>
    runGo(folder, args, onLine, signal);
  const onDownload = (line: string) => {
    if (line.startsWith("go: downloading")) {
      progress(`${tool.module}: ${line.slice("go: ".length)}`);
    }
  };
  const scratch = await mkdtemp(join(tmpdir(), "llm-gateway-build-"));
  try {
    const overlay = join(scratch, "overlay.json");
    await writeFile(
      overlay,
      JSON.stringify({
        Replace: await embeddedFiles(tool, folder, (args) => go(args, onDownload)),
      }),
    );
    // The same flags for both: they are part of what the compiler's cache knows a package by.
    const flags = ["-trimpath", "-buildvcs=false", ...COMPILER_FLAGS, "-overlay", overlay];
    progress(`${tool.module}: finding out what is to be compiled`);
    const missing = await go(
      ["list", ...flags, "-deps", "-f", "{{if .Stale}}{{.ImportPath}}{{end}}", ...packages],
      onDownload,
    );
    const total = missing.split("\n").filter((line) => line !== "").length;
    const stamps = Object.entries(tool.stamps).map(([name, value]) => `-X ${name}=${value}`);
    await go(
      [
        "build",
        "-v",
        ...flags,
        "-ldflags",
        ["-s", "-w", ...stamps].join(" "),
        "-o",
        `${output}/`,
        ...packages,
      ],
      countPackages(tool.module, total, progress),
    );
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
  for (const [binary, path] of Object.entries(tool.programs)) {
    if (binaryName(path) !== binary) {
      await rename(join(output, binaryName(path)), join(output, binary));
    }
  }
}

/**
 * Tells how far a compilation is, from the lines of `go build -v`: one a package.
 *
 * @param total packages that are not in the compiler's cache yet
 */
export function countPackages(
  module: string,
  total: number,
  progress: Progress,
): (line: string) => void {
  let done = 0;
  return (line) => {
    // Warnings and headings of errors have spaces.
    if (!/^[^\s#]+$/.test(line)) {
      return;
    }
    done += 1;
    progress(
      done < total
        ? `${module}: ${done} of ${total} packages`
        : `${module}: all ${total} packages, linking`,
    );
  };
}

/** What `go build` calls the program of a package: the last element of its path that is not a major version. */
export function binaryName(path: string): string {
  const elements = path.split("/").filter((element) => !/^v\d+$/.test(element));
  return elements.at(-1) ?? path;
}

/** Where the files that a tool embeds really are, by where its source expects them. */
async function embeddedFiles(
  tool: Tool,
  folder: string,
  go: (args: readonly string[]) => Promise<string>,
): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const [place, { module, path }] of Object.entries(tool.embeds ?? {})) {
    found[join(folder, place)] = join(await sourceOf(module, go), path);
  }
  return found;
}

const downloaded = z.object({ Dir: z.string() });

async function sourceOf(
  module: string,
  go: (args: readonly string[]) => Promise<string>,
): Promise<string> {
  return downloaded.parse(JSON.parse(await go(["mod", "download", "-json", module]))).Dir;
}

/**
 * Folder with the source of a module, downloaded where it is not there yet.
 *
 * @param folder the Go module whose go.mod says the version
 * @param module path of the module
 * @throws execa's error when it cannot be had
 */
export function moduleSource(folder: string, module: string): Promise<string> {
  return sourceOf(module, (args) => runGo(folder, args, () => undefined, undefined));
}

/** Runs Go in a module. @returns its standard output */
async function runGo(
  folder: string,
  args: readonly string[],
  onLine: (line: string) => void,
  signal: AbortSignal | undefined,
): Promise<string> {
  const child = execa("go", [...args], { cwd: folder, env: { CGO_ENABLED: "0" } });
  if (child.stderr !== null) {
    createInterface({ input: child.stderr }).on("line", onLine);
  }
  return (await endedBy(signal, child)).stdout;
}

/** What a tool's own programs are written in, by path within its folder: part of what its binaries are. */
export async function sources(tool: Tool, folder: string): Promise<Record<string, string>> {
  const own = Object.values(tool.programs).filter((path) => path.startsWith("./"));
  const files = ["go.mod", "go.sum", ...own.map((path) => join(path, "main.go"))];
  return Object.fromEntries(
    await Promise.all(
      files.map(async (file) => [file, await readFile(join(folder, file), "utf8")] as const),
    ),
  );
}
