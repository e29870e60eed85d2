import { existsSync } from "node:fs";
import { chmod, cp, mkdtemp, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { outputOf, UserError } from "../../domain/failure";
import { KEDA_VERSION } from "../../domain/keda";
import { moduleSource } from "./compiler";
import { KEDA } from "./manifest";
import { buildOnce, cacheFolder } from "./once";

const KEDA_MODULE = "github.com/kedacore/keda/v2";

/**
 * Folder with the custom resource definitions of KEDA, a kustomization, copied from the source of its module and kept with the tools: an API server
 * needs them before the programs are compiled.
 *
 * @throws UserError when the module cannot be downloaded
 */
export async function kedaDefinitions(): Promise<string> {
  const folder = join(cacheFolder(), `keda-definitions-${KEDA_VERSION}`);
  await buildOnce(
    "keda-definitions",
    () => existsSync(folder),
    async () => {
      const partial = await mkdtemp(join(cacheFolder(), ".partial-"));
      try {
        const source = await moduleSource(join(__dirname, KEDA.module), KEDA_MODULE);
        await cp(join(source, "config", "crd"), partial, { recursive: true });
        // The copied folder has the mode of the module cache's, which is for reading only.
        await chmod(partial, 0o755);
        await rename(partial, folder);
      } catch (error) {
        throw new UserError(
          `KEDA's custom resource definitions cannot be had:\n${outputOf(error)}`,
          "check that the Go module proxy can be reached (go env GOPROXY), then run the command again",
        );
      } finally {
        await rm(partial, { recursive: true, force: true });
      }
    },
    () => undefined,
  );
  return folder;
}
