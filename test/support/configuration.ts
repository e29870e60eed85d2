import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { z } from "zod";

const stackFile = z.object({
  config: z.record(z.string(), z.unknown()),
  encryptionsalt: z.string(),
});

/** A secret as `pulumi config set --secret` writes it. */
const secret = z.strictObject({ secure: z.string() });

/**
 * The configuration of a stack under test. Its files are written whole: a setting by the CLI takes a run of it, and an edit that is
 * only previewed has a file of its own, so that nothing of it stays.
 */
export class StackConfiguration {
  private files = 0;

  private constructor(
    private readonly folder: string,
    private readonly stack: string,
    private readonly base: Readonly<Record<string, unknown>>,
    private readonly secrets: Readonly<Record<string, unknown>>,
    private readonly salt: string,
  ) {}

  /**
   * @param base what takes the place of all settings but the secrets, which stay as they are in the stack's file, encrypted
   */
  public static async open(
    folder: string,
    stack: string,
    base: Readonly<Record<string, unknown>>,
  ): Promise<StackConfiguration> {
    const text = await readFile(ownFile(folder, stack), "utf8");
    const { config, encryptionsalt } = stackFile.parse(parse(text));
    const secrets = Object.fromEntries(
      Object.entries(config).filter(([, value]) => secret.safeParse(value).success),
    );
    return new StackConfiguration(folder, stack, base, secrets, encryptionsalt);
  }

  /** Writes the stack's own file, with `changes` laid over the top-level keys. */
  public async use(changes: Readonly<Record<string, unknown>> = {}): Promise<void> {
    await this.write(ownFile(this.folder, this.stack), changes);
  }

  /** Writes another file, for the engine's `--config-file`. @returns its path */
  public async fileWith(changes: Readonly<Record<string, unknown>>): Promise<string> {
    this.files += 1;
    const file = join(this.folder, `edit-${this.files}.yaml`);
    await this.write(file, changes);
    return file;
  }

  private write(file: string, changes: Readonly<Record<string, unknown>>): Promise<void> {
    return writeFile(
      file,
      stringify({
        encryptionsalt: this.salt,
        config: { ...this.base, ...this.secrets, ...changes },
      }),
    );
  }
}

const ownFile = (folder: string, stack: string) => join(folder, `Pulumi.${stack}.yaml`);
