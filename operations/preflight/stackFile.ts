import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { parseConfig } from "../../config/parse";
import { UserError } from "../../domain/failure";
import type { ParsedConfig } from "../../domain/settings/schema";

/** Configuration of a stack as its file says it. */
export interface StackFile {
  readonly config: ParsedConfig;
  /** The Hugging Face token where the file has it in clear; undefined where it is encrypted or not there. */
  readonly plainToken: string | undefined;
  /** Whether the file has an encrypted token, which only the stack's secrets provider opens. */
  readonly encryptedToken: boolean;
}

const project = z.looseObject({ name: z.string() });
const file = z.looseObject({ config: z.record(z.string(), z.unknown()).default({}) });
const secret = z.strictObject({ secure: z.string() });

/** What takes the place of an encrypted value, which nothing but the token check needs. */
const ENCRYPTED = "encrypted-in-the-stack-file";
const TOKEN = "huggingFaceToken";

/**
 * Reads and checks `Pulumi.<stack>.yaml`, without Pulumi and without a key.
 *
 * @param folder folder of `Pulumi.yaml`
 * @throws UserError when there is no such stack
 * @throws ConfigError with every problem of the configuration
 */
export async function readStackFile(folder: string, stack: string): Promise<StackFile> {
  const { name } = project.parse(parse(await readFile(join(folder, "Pulumi.yaml"), "utf8")));
  const path = join(folder, `Pulumi.${stack}.yaml`);
  if (!existsSync(path)) {
    const known = (await readdir(folder)).flatMap(
      (entry) => /^Pulumi\.([\w-]+)\.yaml$/.exec(entry)?.[1] ?? [],
    );
    throw new UserError(
      `there is no stack "${stack}": ${path} does not exist`,
      `choose one of ${known.join(", ")}, or write the file`,
    );
  }
  const { config } = file.parse(parse(await readFile(path, "utf8")) ?? {});
  const prefix = `${name}:`;
  const written = Object.fromEntries(
    Object.entries(config)
      .filter(([key]) => key.startsWith(prefix))
      .map(([key, value]) => [key.slice(prefix.length), value]),
  );
  const parsed = parseConfig(name, withoutSecrets(written));
  const token = written[TOKEN];
  return {
    config: parsed,
    plainToken: typeof token === "string" ? token : undefined,
    encryptedToken: secret.safeParse(token).success,
  };
}

function withoutSecrets(written: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(written).map(([key, value]) => [
      key,
      secret.safeParse(value).success ? ENCRYPTED : value,
    ]),
  );
}
