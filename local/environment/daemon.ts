import { spawn } from "node:child_process";
import { openSync } from "node:fs";
import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import execa from "execa";
import { kubeconfigOf, REPOSITORY, type Environment } from "../control-plane/environment";

/** A background process of one environment, recorded by its id. */
export class Daemon {
  private readonly main: string;

  /**
   * @param name of its log and its id file
   * @param folder below `local/` whose `main.ts` it runs
   */
  public constructor(
    private readonly environment: Environment,
    private readonly name: string,
    folder: string,
  ) {
    this.main = join(REPOSITORY, "local", folder, "main.ts");
  }

  /** Starts the process unless it runs. It gets the kubeconfig as its first argument. */
  public async start(args: readonly string[] = []): Promise<void> {
    if ((await this.runningPid()) !== undefined) {
      return;
    }
    const log = openSync(join(this.environment.folder, `${this.name}.log`), "a");
    const child = spawn(
      process.execPath,
      [
        "--require",
        join(REPOSITORY, "typescript.cjs"),
        this.main,
        kubeconfigOf(this.environment),
        ...args,
      ],
      { cwd: REPOSITORY, detached: true, stdio: ["ignore", log, log] },
    );
    child.unref();
    if (child.pid === undefined) {
      throw new Error(`${this.main} could not be started`);
    }
    await writeFile(this.pidFile(), String(child.pid));
  }

  /** Ends the process and waits until it is gone. */
  public async stop(): Promise<void> {
    const pid = await this.runningPid();
    if (pid !== undefined) {
      process.kill(pid, "SIGTERM");
      while ((await this.runningPid()) !== undefined) {
        await sleep(50);
      }
    }
    await rm(this.pidFile(), { force: true });
  }

  /** The recorded process, if that id still is our process: ids are used again after a restart of the machine. */
  public async runningPid(): Promise<number | undefined> {
    let recorded: string;
    try {
      recorded = await readFile(this.pidFile(), "utf8");
    } catch {
      return undefined;
    }
    const { stdout } = await execa("ps", ["-o", "args=", "-p", recorded.trim()], { reject: false });
    return stdout.includes(this.main) && stdout.includes(kubeconfigOf(this.environment))
      ? Number(recorded)
      : undefined;
  }

  private pidFile(): string {
    return join(this.environment.folder, `${this.name}.pid`);
  }
}
