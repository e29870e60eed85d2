import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ControlPlane } from "../control-plane/controlPlane";
import type { Environment } from "../control-plane/environment";
import { KUBERNETES_VERSION, KWOK_VERSION } from "../tools/manifest";

/**
 * What an environment's data cannot outlive a change of: a control plane's own versions, and the provider whose state describes
 * the objects on it. Objects that another provider made are neither known nor owned by this one.
 */
const VERSIONS = JSON.stringify({
  kubernetes: KUBERNETES_VERSION,
  kwok: KWOK_VERSION,
  kubernetesProvider: "official",
});

/** Whether a control plane is there that was made by other versions than {@link noteVersions} would write down. */
export async function isOfOtherVersions(environment: Environment): Promise<boolean> {
  if (!ControlPlane.isThere(environment)) {
    return false;
  }
  const file = fileOf(environment);
  return !existsSync(file) || (await readFile(file, "utf8")) !== VERSIONS;
}

/** Writes down what an environment was made by. */
export async function noteVersions(environment: Environment): Promise<void> {
  await writeFile(fileOf(environment), VERSIONS);
}

function fileOf(environment: Environment): string {
  return join(environment.folder, "versions.json");
}
