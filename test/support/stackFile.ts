import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { parseConfig } from "../../config/parse";
import type { ParsedConfig } from "../../domain/settings/schema";
import { REPOSITORY } from "../../local/control-plane/environment";

const stackFile = z.object({ config: z.record(z.string(), z.unknown()) });

/** The configuration in `Pulumi.<stack>.yaml` of the repository. */
export function stackConfig(stack: string): Record<string, unknown> {
  const text = readFileSync(join(REPOSITORY, `Pulumi.${stack}.yaml`), "utf8");
  return stackFile.parse(parse(text)).config;
}

/** The configuration of a stack of the repository as the program sees it, with `changes` laid over its top-level keys. */
export function parsedStack(
  stack: string,
  changes: Readonly<Record<string, unknown>> = {},
): ParsedConfig {
  const settings = Object.fromEntries<unknown>(
    Object.entries(stackConfig(stack)).map(([key, value]) => [
      key.replace("llm-gateway:", ""),
      value,
    ]),
  );
  return parseConfig("llm-gateway", { ...settings, ...changes });
}
