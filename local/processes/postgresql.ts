import { join } from "node:path";
import { asOtherUser } from "../control-plane/otherUser";
import type { ContainerRequest, Launch } from "./launch";

/** Plays the entrypoint of PostgreSQL's official image. */
const ENTRYPOINT = join(__dirname, "postgresql-entrypoint.sh");
/** Where the image looks for what a new database begins with. */
const INIT_FOLDER = "/docker-entrypoint-initdb.d";

/** Folder of PostgreSQL's programs in the virtual environment. */
export function postgresqlPrograms(python: string): string {
  return join(python, "postgresql", "bin");
}

/** How PostgreSQL's official image runs here: its data in the folder of its claim. */
export function postgresql(
  { args, env, host, scratch, local }: ContainerRequest,
  python: string,
): Launch {
  const line = [...asOtherUser(), "bash", ENTRYPOINT, ...args];
  const [command = "", ...rest] = line;
  return {
    command,
    args: rest,
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
