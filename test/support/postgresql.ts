/** PostgreSQL as the in-cluster database's pod runs it, migrated to LiteLLM's schema; no cluster. */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { openSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Client } from "pg";
import { MAKE_ROLE } from "../../components/stores/postgresql/inClusterDatabase";
import { DATABASE, POSTGRESQL, POSTGRESQL_PORT } from "../../domain/names";
import { launchOf } from "../../local/processes/runtimes";
import { deployMigrations } from "../../local/query-engine/migrate";
import { packagesOf } from "../../local/tools/python";
import { eventually } from "./cluster";
import { runs, sendToAll } from "./processes";

const PASSWORD = "test-database-password";
/** Characters of its log that tell why it ended. */
const LAST_WORDS = 2000;

export class Postgresql {
  private child: ChildProcess | undefined;

  private constructor(
    private readonly folder: string,
    private readonly host: string,
    private readonly python: string,
  ) {}

  /** Starts it in a folder of its own below `folder`, with an empty database of LiteLLM's schema. */
  public static async start(folder: string, host: string, python: string): Promise<Postgresql> {
    const database = new Postgresql(join(folder, "postgresql"), host, python);
    const init = join(database.folder, "init");
    await mkdir(init, { recursive: true });
    await writeFile(join(init, "role.sh"), MAKE_ROLE);
    await database.run();
    try {
      const client = await database.connect();
      const packages = await packagesOf(python);
      await deployMigrations(client, join(packages, "litellm_proxy_extras", "migrations"));
      await client.end();
    } catch (error) {
      database.kill();
      throw error;
    }
    return database;
  }

  /** As the gateway's pods reach it. */
  public readonly url = `postgresql://${DATABASE}:${PASSWORD}@${POSTGRESQL}.litellm.svc:${POSTGRESQL_PORT}/${DATABASE}`;

  public get pid(): number {
    return this.child?.pid ?? 0;
  }

  /** Starts the server on the data that is there; resolves when it answers. */
  public async run(): Promise<void> {
    const { command, args, env } = launchOf(
      {
        role: "postgresql",
        command: [],
        args: [],
        env: {
          PATH: process.env.PATH ?? "",
          PGDATA: join(this.folder, "pgdata"),
          POSTGRES_USER: "postgres",
          POSTGRES_PASSWORD: `${PASSWORD}-of-the-administrator`,
          GATEWAY_PASSWORD: PASSWORD,
        },
        host: this.host,
        scratch: this.folder,
        namespace: "litellm",
        dnsFile: "",
        local: () => join(this.folder, "init"),
      },
      { python: this.python },
    );
    const log = openSync(join(this.folder, "log"), "a");
    const child = spawn(command, args, { env, stdio: ["ignore", log, log] });
    this.child = child;
    await eventually("PostgreSQL to answer", 60, async () => {
      if (child.exitCode !== null) {
        throw new Error(`PostgreSQL ended: ${(await this.log()).slice(-LAST_WORDS)}`);
      }
      const client = await this.connect().catch(() => undefined);
      await client?.end();
      return client === undefined ? undefined : true;
    });
  }

  /** A connection as the gateway's role. The caller ends it. */
  public async connect(): Promise<Client> {
    const client = new Client({
      host: this.host,
      port: POSTGRESQL_PORT,
      user: DATABASE,
      password: PASSWORD,
      database: DATABASE,
    });
    // A server that ends takes its connections along.
    client.on("error", () => undefined);
    await client.connect();
    return client;
  }

  /** The rows of one query as the gateway's role. */
  public async rows(query: string, values: readonly unknown[] = []): Promise<unknown[]> {
    const client = await this.connect();
    try {
      const { rows } = await client.query<Record<string, unknown>>(query, [...values]);
      return rows;
    } finally {
      await client.end();
    }
  }

  /** Ends it in good order, as a pod that is deleted. */
  public async stop(): Promise<void> {
    const { child } = this;
    if (child?.exitCode === null) {
      child.kill("SIGINT");
      await once(child, "exit");
    }
  }

  /** Stops it and its children where they are, as a machine that hangs: connections stay, nobody answers. */
  public freeze(): void {
    sendToAll(this.pid, "SIGSTOP");
  }

  /** Lets it go on. */
  public thaw(): void {
    sendToAll(this.pid, "SIGCONT");
  }

  /** Ends all of it where it is, as a machine that is lost; resolves when nothing of it is left. */
  public async crash(): Promise<void> {
    const { child } = this;
    const all = sendToAll(this.pid, "SIGKILL");
    if (child?.exitCode === null && child.signalCode === null) {
      await once(child, "exit");
    }
    await eventually("the end of PostgreSQL's processes", 10, () =>
      Promise.resolve(all.some(runs) ? undefined : true),
    );
  }

  /** What it has logged, statements that it refused included. */
  public log(): Promise<string> {
    return readFile(join(this.folder, "log"), "utf8");
  }

  /** Ends it at once, children that are stopped included: these would not see that they have lost their parent. */
  public kill(): void {
    if (this.child?.exitCode === null && this.child.signalCode === null) {
      sendToAll(this.pid, "SIGKILL");
    }
  }
}
