import { join } from "node:path";
import execa from "execa";
import { outputOf, UserError } from "../../domain/failure";
import type { ContainerRequest, Launch } from "./runtimes";

/** Plays the entrypoint of PostgreSQL's official image. */
const ENTRYPOINT = join(__dirname, "postgresql-entrypoint.sh");
/** Where the image looks for what a new database begins with. */
const INIT_FOLDER = "/docker-entrypoint-initdb.d";

/** Path of one of PostgreSQL's programs in the virtual environment. */
export function postgresqlProgram(
  python: string,
  program: "initdb" | "pg_isready" | "postgres" | "psql",
): string {
  return join(postgresqlPrograms(python), program);
}

/** Folder of PostgreSQL's programs in the virtual environment. */
export function postgresqlPrograms(python: string): string {
  return join(python, "postgresql", "bin");
}

/** How PostgreSQL's official image runs here: its data in the folder of its claim. */
export function postgresql(
  { args, env, host, scratch, local }: ContainerRequest,
  python: string,
): Launch {
  const [command = "", ...before] = [...asOtherUser(), "bash", ENTRYPOINT];
  return {
    command,
    args: [...before, ...args],
    env: {
      ...env,
      POSTGRESQL_PROGRAMS: postgresqlPrograms(python),
      POSTGRESQL_HOST: host,
      POSTGRESQL_INIT: local(INIT_FOLDER),
      HOME: scratch,
    },
    // STOPSIGNAL of the image: SIGTERM would wait for every client to leave.
    stopSignal: "SIGINT",
  };
}

/**
 * PostgreSQL refuses to run as root. Root runs it in a user namespace of its own, in which the same user has the number of nobody: files
 * keep their owner, and no folder must be opened to others.
 */
export function asOtherUser(): string[] {
  return process.getuid?.() === 0 ? ["unshare", "--user", "--map-user=65534", "--"] : [];
}

/** @throws UserError where PostgreSQL cannot run as whoever runs this */
export async function requirePostgresqlUser(): Promise<void> {
  const [command, ...args] = asOtherUser();
  if (command === undefined) {
    return;
  }
  try {
    await execa(command, [...args, "true"]);
  } catch (error) {
    throw new UserError(
      `PostgreSQL does not run as root, and root may make no user namespace here: ${outputOf(error)}`,
      "run the command as another user than root, or allow user namespaces (in a container: --security-opt seccomp=unconfined)",
    );
  }
}
