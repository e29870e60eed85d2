import { existsSync } from "node:fs";
import { mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { stringify } from "yaml";
import { z } from "zod";
import { isTree, UNKNOWN, type Properties } from "../plugins/properties";
import { kubeconfigOf, LOCAL, REPOSITORY } from "../control-plane/environment";
import { outputOf, UserError } from "../../domain/failure";
import { showTools } from "./progress";
import { Project } from "./project";
import { ensureTools } from "../tools/build";
import { openLocalProject } from "./up";

/** `make preview`: the engine's preview of a stack with the policy pack. @returns the CLI's exit code */
export async function preview(stack: string): Promise<number> {
  const toolFolders = await ensureTools(showTools);
  const project =
    stack === "local" && existsSync(kubeconfigOf(LOCAL))
      ? await openLocalProject(toolFolders)
      : await openOffline(stack, toolFolders);
  return project.show(["preview", ...project.checkedRun()]);
}

const previewOutput = z.object({
  steps: z.array(
    z.object({
      newState: z
        .object({ type: z.string(), inputs: z.record(z.string(), z.unknown()).optional() })
        .optional(),
    }),
  ),
});

const kubernetesObject = z.looseObject({
  kind: z.string(),
  metadata: z.looseObject({ name: z.string(), namespace: z.string().optional() }),
});

/**
 * `make render`: every Kubernetes object of a stack as YAML, one file each, named `namespace.kind.name.yaml`. Secrets are
 * masked by the engine before they get here.
 *
 * @throws UserError when the folder holds files that this command did not write
 */
export async function render(stack: string, out: string): Promise<void> {
  const folder = resolve(REPOSITORY, out);
  await requireOurs(folder);
  const toolFolders = await ensureTools(showTools);
  const project = await openOffline(stack, toolFolders);
  let text: string;
  try {
    text = await project.capture(["preview", "--json", "--stack", stack]);
  } catch (error) {
    throw new UserError(
      `the preview of stack ${stack} failed:\n${outputOf(error)}`,
      "mend it first",
    );
  }
  const output = previewOutput.parse(JSON.parse(text));
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await writeFile(
    join(folder, MARKER),
    `Rendered from stack ${stack}; written anew by each run.\n`,
  );
  let count = 0;
  for (const { newState } of output.steps) {
    if (newState?.type.startsWith("kubernetes:") !== true) {
      continue;
    }
    const { __defaults: _engine, ...inputs } = newState.inputs ?? {};
    const object = kubernetesObject.parse(masked(inputs));
    const { namespace, name } = object.metadata;
    const file = [namespace ?? "cluster", object.kind.toLowerCase(), name, "yaml"].join(".");
    await writeFile(join(folder, file), stringify(object, { lineWidth: 0 }));
    count += 1;
  }
  console.log(`${count} objects of stack ${stack} in ${folder}`);
}

/** A Secret's values, and everywhere else what only an update will know, as words. */
function masked(inputs: Properties): unknown {
  const known: unknown = JSON.parse(
    JSON.stringify(inputs).replaceAll(`"${UNKNOWN}"`, '"[known after the update]"'),
  );
  if (!isTree(known) || known.kind !== "Secret") {
    return known;
  }
  return Object.fromEntries(
    Object.entries(known).map(([key, value]) => [
      key,
      key === "data" || key === "stringData" ? "[secret]" : value,
    ]),
  );
}

/** Names the folder as one that `make render` may empty. */
const MARKER = ".rendered";

async function requireOurs(folder: string): Promise<void> {
  if (!existsSync(folder) || existsSync(join(folder, MARKER))) {
    return;
  }
  if ((await readdir(folder)).length > 0) {
    throw new UserError(
      `${folder} holds files that make render did not write`,
      "name an empty or new folder: make render OUT=rendered",
    );
  }
}

/** A stack without its real state or cluster: everything is new, and nothing outside this machine is asked. */
async function openOffline(stack: string, toolFolders: readonly string[]): Promise<Project> {
  const folder = join(REPOSITORY, ".state", `offline-${stack}`);
  await rm(folder, { recursive: true, force: true });
  return Project.open({
    folder,
    stack,
    toolFolders,
    kubeconfig: join(folder, "no-cluster"),
    standInsOnly: true,
  });
}
