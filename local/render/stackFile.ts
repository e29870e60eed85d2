import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { messageOf, UserError } from "../../domain/failure";
import { REPOSITORY } from "../control-plane/environment";

const PREFIX = "llm-gateway:";

const stackFile = z.object({ config: z.record(z.string(), z.unknown()).default({}) });

/**
 * The settings in `Pulumi.<stack>.yaml`, by key without the project's name. An encrypted value is a word that names it: only
 * the engine has the key.
 *
 * @throws UserError where there is no such file, or it is no stack's
 */
export function stackSettings(stack: string): Record<string, unknown> {
  const file = join(REPOSITORY, `Pulumi.${stack}.yaml`);
  if (!/^[\w.-]+$/.test(stack) || !existsSync(file)) {
    throw new UserError(
      `there is no stack "${stack}": Pulumi.${stack}.yaml is missing`,
      `name one of ${stacks().join(", ")}: make render STACK=${stacks()[0] ?? "local"}`,
    );
  }
  try {
    const { config } = stackFile.parse(parse(readFileSync(file, "utf8")));
    return Object.fromEntries(
      Object.entries(config)
        .filter(([key]) => key.startsWith(PREFIX))
        .map(([key, value]) => {
          const name = key.slice(PREFIX.length);
          return [name, readable(value, `config.${name}`)];
        }),
    );
  } catch (error) {
    throw new UserError(
      `${file} is no stack file: ${messageOf(error)}`,
      "write the settings under config:, as the other stack files do",
    );
  }
}

/** Names of the stacks that have a file here. */
function stacks(): string[] {
  return readdirSync(REPOSITORY)
    .map((name) => /^Pulumi\.([\w.-]+)\.yaml$/.exec(name)?.[1])
    .filter((name) => name !== undefined)
    .sort();
}

/** A word in place of each encrypted value, `{secure: ...}`. */
function readable(value: unknown, path: string): unknown {
  if (Array.isArray(value)) {
    return value.map((item, index) => readable(item, `${path}[${index}]`));
  }
  if (typeof value !== "object" || value === null) {
    return value;
  }
  const entries = Object.entries(value);
  return entries.length === 1 && entries[0]?.[0] === "secure"
    ? `<${path}>`
    : Object.fromEntries(entries.map(([key, item]) => [key, readable(item, `${path}.${key}`)]));
}
