import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { REPOSITORY } from "../../local/environment";

const stackFile = z.object({ config: z.record(z.string(), z.unknown()) });

/** The configuration in `Pulumi.<stack>.yaml` of the repository. */
export function stackConfig(stack: string): Record<string, unknown> {
  const text = readFileSync(join(REPOSITORY, `Pulumi.${stack}.yaml`), "utf8");
  return stackFile.parse(parse(text)).config;
}
