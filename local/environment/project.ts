import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";
import execa from "execa";
import { parse, stringify } from "yaml";
import { z } from "zod";
import { REPOSITORY } from "../control-plane/environment";
import { UserError } from "../../domain/failure";

/**
 * The plugins that stand-ins exist for, by the prefix of the official plugin's folder under PULUMI_HOME/plugins. The Kubernetes
 * provider is none of them: the official one is among the built tools.
 */
const STAND_INS: Readonly<Record<string, string>> = {
  nodejs: "language-nodejs-",
  random: "resource-random-",
  aws: "resource-aws-",
  eks: "resource-eks-",
};

/** The stand-in for Helm releases, by its folder beside those of the others. */
const HELM_RELEASES = "helm-releases";

const stackFile = z.looseObject({
  config: z.record(z.string(), z.unknown()).optional(),
  encryptionsalt: z.string().optional(),
});

type StackFile = z.infer<typeof stackFile>;

export interface ProjectOptions {
  /** Folder for project file, state and credentials of the run; made when absent. */
  readonly folder: string;
  readonly stack: string;
  /** Folders of the built tools. */
  readonly toolFolders: readonly string[];
  /** Kubeconfig that the program's provider finds; need not exist. */
  readonly kubeconfig: string;
  /** Configuration in place of the repository's file for the stack. */
  readonly config?: Readonly<Record<string, unknown>>;
  /** Entry file of another program than this repository's. */
  readonly program?: string;
  /** Use stand-ins even where official plugins are installed. */
  readonly standInsOnly?: boolean;
  /**
   * Put the stand-in for Helm releases in front of the Kubernetes provider: it records them, since their charts cannot be had
   * without a network.
   *
   * @default false
   */
  readonly recordHelmReleases?: boolean;
}

/**
 * The program of this repository as a Pulumi project of its own: own state backend, own passphrase, own copy of the stack
 * file. The repository stays untouched, and several can run at the same time.
 */
export class Project {
  private constructor(
    public readonly folder: string,
    private readonly stack: string,
    /** Environment of every engine run. */
    public readonly env: Readonly<Record<string, string>>,
    /** Names of the plugins that stand-ins play. */
    public readonly standIns: readonly string[],
  ) {}

  /** Prepares the folder and selects the stack. @throws UserError when the stack has no file */
  public static async open(options: ProjectOptions): Promise<Project> {
    const folder = join(options.folder, "project");
    const backend = join(options.folder, "backend");
    await mkdir(folder, { recursive: true });
    await mkdir(backend, { recursive: true });
    const passphrase = join(options.folder, "passphrase");
    if (!existsSync(passphrase)) {
      await writeFile(passphrase, randomBytes(24).toString("hex"), { mode: 0o600 });
    }
    await writeProjectFile(folder, options.program ?? REPOSITORY);
    await writeStackFile(folder, options.stack, options.config);

    const userHome = process.env.PULUMI_HOME ?? join(homedir(), ".pulumi");
    const official = options.standInsOnly === true ? [] : await pluginFolders(userHome);
    const standIns = Object.entries(STAND_INS)
      .filter(([, prefix]) => !official.some((name) => name.startsWith(prefix)))
      .map(([name]) => name);
    const fronts = options.recordHelmReleases === true ? [HELM_RELEASES] : [];
    const project = new Project(
      folder,
      options.stack,
      {
        PATH: [
          ...[...standIns, ...fronts].map((name) =>
            join(REPOSITORY, "local", "plugins", "bin", name),
          ),
          ...options.toolFolders,
          process.env.PATH ?? "",
        ].join(delimiter),
        KUBECONFIG: options.kubeconfig,
        PULUMI_BACKEND_URL: `file://${backend}`,
        PULUMI_CONFIG_PASSPHRASE_FILE: passphrase,
        PULUMI_HOME:
          standIns.length === Object.keys(STAND_INS).length
            ? join(options.folder, "home")
            : userHome,
        PULUMI_SKIP_UPDATE_CHECK: "true",
      },
      standIns,
    );
    await project.capture(["stack", "select", "--create", options.stack]);
    return project;
  }

  /** Runs the CLI on this terminal. @returns its exit code */
  public async show(args: readonly string[]): Promise<number> {
    const { exitCode } = await execa("pulumi", [...args], {
      cwd: this.folder,
      env: this.env,
      stdio: "inherit",
      reject: false,
    });
    return exitCode;
  }

  /** Runs the CLI and returns what it printed on its standard output. @throws execa's error when it fails */
  public async capture(args: readonly string[]): Promise<string> {
    const { stdout } = await execa("pulumi", [...args, "--non-interactive"], {
      cwd: this.folder,
      env: this.env,
      all: true,
    });
    return stdout;
  }

  /** Flags that every preview and update takes: the stack, and the policy pack of this repository. */
  public checkedRun(): string[] {
    return ["--stack", this.stack, "--policy-pack", join(REPOSITORY, "policies")];
  }
}

/** The repository's project file with the program's path as an absolute one. */
async function writeProjectFile(folder: string, main: string): Promise<void> {
  const text = await readFile(join(REPOSITORY, "Pulumi.yaml"), "utf8");
  const project = z.looseObject({ name: z.string() }).parse(parse(text));
  await writeFile(join(folder, "Pulumi.yaml"), stringify({ ...project, main }));
}

/** The stack's file, with the encryption salt that an earlier run added to the copy. */
async function writeStackFile(
  folder: string,
  stack: string,
  config: Readonly<Record<string, unknown>> | undefined,
): Promise<void> {
  const copy = join(folder, `Pulumi.${stack}.yaml`);
  const salt = existsSync(copy)
    ? stackFile.parse(parse(await readFile(copy, "utf8"))).encryptionsalt
    : undefined;
  const source = config === undefined ? await readStackFile(stack) : { config };
  const { encryptionsalt: _other, ...content } = source;
  await writeFile(
    copy,
    stringify({
      ...content,
      config: withoutCiphertext(content.config ?? {}),
      ...(salt === undefined ? {} : { encryptionsalt: salt }),
    }),
  );
}

async function readStackFile(stack: string): Promise<StackFile> {
  const path = join(REPOSITORY, `Pulumi.${stack}.yaml`);
  if (!existsSync(path)) {
    const known = (await readdir(REPOSITORY))
      .map((name) => /^Pulumi\.([\w-]+)\.yaml$/.exec(name)?.[1])
      .filter((name) => name !== undefined);
    throw new UserError(
      `there is no stack "${stack}": ${path} does not exist`,
      `choose one of ${known.join(", ")}, or write the file`,
    );
  }
  return stackFile.parse(parse(await readFile(path, "utf8")) ?? {});
}

/** Encrypted values belong to the real stack's key, which is not here: a placeholder keeps their place. */
function withoutCiphertext(config: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(config).map(([key, value]) => [
      key,
      typeof value === "object" && value !== null && "secure" in value
        ? "encrypted-value-of-the-real-stack"
        : value,
    ]),
  );
}

async function pluginFolders(pulumiHome: string): Promise<string[]> {
  const folder = join(pulumiHome, "plugins");
  return existsSync(folder) ? readdir(folder) : [];
}
