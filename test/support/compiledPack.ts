import { cp, mkdir, symlink } from "node:fs/promises";
import { join } from "node:path";
import execa from "execa";
import { REPOSITORY } from "../../local/control-plane/environment";

/**
 * Compiles the policy pack as its package has it: of the sources the engine reads TypeScript's libraries at every run, which is a
 * quarter of the work of a preview.
 *
 * @param folder where it is put; must exist
 * @returns the pack's folder
 */
export async function compiledPack(folder: string): Promise<string> {
  const sources = join(REPOSITORY, "policies");
  const pack = join(folder, "policies");
  await mkdir(pack);
  await execa(
    "npx",
    [
      "--no-install",
      "tsc",
      "-p",
      join(sources, "tsconfig.pack.json"),
      "--outDir",
      join(pack, "dist"),
    ],
    { cwd: REPOSITORY },
  );
  for (const file of ["main.cjs", "package.json", "PulumiPolicy.yaml"]) {
    await cp(join(sources, file), join(pack, file));
  }
  await symlink(join(REPOSITORY, "node_modules"), join(pack, "node_modules"));
  return pack;
}
