import { spawn, type ChildProcess } from "node:child_process";
import { openSync } from "node:fs";
import { join } from "node:path";
import execa from "execa";
import { REDIS_PORT } from "../../domain/names";
import { redisProgram } from "../../local/processes/runtimes";

export const REDIS_PASSWORD = "test-redis-password";

/** A Redis server without a disk. */
export class RedisProcess {
  private readonly child: ChildProcess;

  /** @param folder of its log */
  public constructor(
    folder: string,
    private readonly host: string,
    private readonly python: string,
  ) {
    const log = openSync(join(folder, "redis.log"), "a");
    this.child = spawn(
      redisProgram(python, "redis-server"),
      [
        ...["--bind", host, "--port", String(REDIS_PORT), "--dir", folder],
        ...["--save", "", "--requirepass", REDIS_PASSWORD],
      ],
      { stdio: ["ignore", log, log] },
    );
  }

  public get pid(): number {
    return this.child.pid ?? 0;
  }

  /** The answer to one command, as `redis-cli` writes it. */
  public async says(...command: string[]): Promise<string> {
    const { stdout } = await execa(
      redisProgram(this.python, "redis-cli"),
      ["-h", this.host, "-p", String(REDIS_PORT), ...command],
      { env: { REDISCLI_AUTH: REDIS_PASSWORD } },
    );
    return stdout;
  }

  public kill(): void {
    this.child.kill("SIGKILL");
  }
}
