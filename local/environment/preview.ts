import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { kubeconfigOf, LOCAL, REPOSITORY } from "../control-plane/environment";
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
