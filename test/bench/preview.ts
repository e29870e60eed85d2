/**
 * Wall time and peak memory of a stack's preview next to the same engine's preview of as many trivial resources. Both run
 * in turn, several times; the figures are medians, the ratio is what counts.
 *   node --require llm-gateway/typescript test/bench/preview.ts [stack...]
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import execa from "execa";
import { z } from "zod";
import { failureText } from "../../domain/failure";
import { showTools } from "../../local/environment/progress";
import { Project, type ProjectOptions } from "../../local/environment/project";
import { ensureTools } from "../../local/tools/build";
import { median, printTable } from "./report";

const ROUNDS = 5;
const SAMPLE_MS = 50;

interface Sample {
  readonly seconds: number;
  /** Peak of the resident memory of the CLI and all that it started. */
  readonly mebibytes: number;
}

const steps = z.object({ steps: z.array(z.unknown()) });

async function open(
  toolFolders: readonly string[],
  options: Pick<ProjectOptions, "stack"> & Partial<ProjectOptions>,
): Promise<{ readonly project: Project; readonly folder: string }> {
  const folder = await mkdtemp(join(tmpdir(), "llm-gateway-bench-"));
  const project = await Project.open({
    folder,
    toolFolders,
    kubeconfig: join(folder, "no-cluster"),
    standInsOnly: true,
    ...options,
  });
  return { project, folder };
}

async function measure(project: Project): Promise<Sample> {
  const started = performance.now();
  const child = execa("pulumi", ["preview", "--non-interactive", "--suppress-progress"], {
    cwd: project.folder,
    env: project.env,
    stdio: "ignore",
  });
  let peak = 0;
  let sampling = Promise.resolve();
  const timer = setInterval(() => {
    sampling = sampling.then(async () => {
      peak = Math.max(peak, await residentKibibytes(child.pid ?? 0));
    });
  }, SAMPLE_MS);
  try {
    await child;
  } finally {
    clearInterval(timer);
    await sampling;
  }
  return { seconds: (performance.now() - started) / 1000, mebibytes: peak / 1024 };
}

/** Resident memory of a process and its descendants. */
async function residentKibibytes(root: number): Promise<number> {
  const { stdout } = await execa("ps", ["-eo", "pid=,ppid=,rss="]);
  const rows = stdout.split("\n").map((line) => line.trim().split(/\s+/).map(Number));
  const family = new Set([root]);
  // A child may be listed before its parent, so the family grows until it does no more.
  for (let size = 0; size !== family.size;) {
    size = family.size;
    for (const [pid = 0, parent = 0] of rows) {
      if (family.has(parent)) {
        family.add(pid);
      }
    }
  }
  return rows.reduce((sum, [pid = 0, , rss = 0]) => (family.has(pid) ? sum + rss : sum), 0);
}

async function compare(stack: string, toolFolders: readonly string[]): Promise<string[]> {
  const platform = await open(toolFolders, { stack });
  const { steps: declared } = steps.parse(
    JSON.parse(await platform.project.capture(["preview", "--json"])),
  );
  const count = declared.length;
  const floor = await open(toolFolders, {
    stack: "floor",
    program: join(__dirname, "floor.ts"),
    config: { "llm-gateway:count": count },
  });
  try {
    const samples: { ours: Sample; floor: Sample }[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      process.stderr.write(`${stack}: round ${round + 1} of ${ROUNDS}\n`);
      samples.push({ floor: await measure(floor.project), ours: await measure(platform.project) });
    }
    const of = (pick: (sample: { ours: Sample; floor: Sample }) => number) =>
      median(samples.map(pick));
    const ours = of((sample) => sample.ours.seconds);
    const base = of((sample) => sample.floor.seconds);
    return [
      stack,
      String(count),
      ours.toFixed(2),
      base.toFixed(2),
      (ours / base).toFixed(2),
      of((sample) => sample.ours.mebibytes).toFixed(0),
      of((sample) => sample.floor.mebibytes).toFixed(0),
    ];
  } finally {
    await rm(platform.folder, { recursive: true, force: true });
    await rm(floor.folder, { recursive: true, force: true });
  }
}

async function main(stacks: readonly string[]): Promise<void> {
  const toolFolders = await ensureTools(showTools);
  const rows: string[][] = [];
  for (const stack of stacks) {
    rows.push(await compare(stack, toolFolders));
  }
  printTable(
    ["Stack", "Resources", "Preview s", "Floor s", "Ratio", "Peak MiB", "Floor MiB"],
    rows,
  );
}

const named = process.argv.slice(2);
main(named.length > 0 ? named : ["local", "dev", "prod"]).catch((error: unknown) => {
  console.error(failureText(error));
  process.exitCode = 1;
});
