import type * as pulumi from "@pulumi/pulumi";
import { DATABASE, POSTGRESQL, POSTGRESQL_PORT } from "../../../domain/names";
import { passwordFrom, Store, type InClusterStoreArgs } from "../shared/store";

const DATA_PATH = "/var/lib/postgresql/data";

/** PostgreSQL beside the gateway, from the official image. */
export function inClusterDatabase(
  name: string,
  args: InClusterStoreArgs,
  opts: pulumi.ComponentResourceOptions,
): Store {
  return new Store(
    name,
    {
      ...args,
      name: POSTGRESQL,
      role: "postgresql",
      port: POSTGRESQL_PORT,
      dataPath: DATA_PATH,
      scratchPaths: ["/var/run/postgresql", "/tmp"],
      env: [
        { name: "POSTGRES_USER", value: DATABASE },
        { name: "POSTGRES_DB", value: DATABASE },
        // initdb wants an empty folder, which the root of a fresh volume (lost+found) is not.
        { name: "PGDATA", value: `${DATA_PATH}/pgdata` },
        passwordFrom(POSTGRESQL, "POSTGRES_PASSWORD"),
      ],
      readinessCommand: ["pg_isready", "-U", DATABASE, "-d", DATABASE],
    },
    opts,
  );
}
