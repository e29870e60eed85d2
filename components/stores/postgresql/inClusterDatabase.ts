import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { labels } from "../../../domain/labels";
import { ADMIN_PASSWORD_KEY, DATABASE, POSTGRESQL, POSTGRESQL_PORT } from "../../../domain/names";
import { passwordFrom, Store, type InClusterStoreArgs } from "../shared/store";

const DATA_PATH = "/var/lib/postgresql/data";

/** The image's own administrator, whom nobody but its entrypoint is. */
const ADMINISTRATOR = "postgres";
/** Where the image looks for what a new database begins with. */
const INIT_PATH = "/docker-entrypoint-initdb.d";
/** Variable with the password of the gateway's role. */
const PASSWORD = "GATEWAY_PASSWORD";

/**
 * The gateway's role owns its database and nothing else. Read by the image's shell when the volume is empty, never again: a database
 * of an earlier version keeps its role as it is.
 */
export const MAKE_ROLE = `psql --username "$POSTGRES_USER" --dbname postgres --set ON_ERROR_STOP=1 --set password="$${PASSWORD}" <<'SQL'
CREATE ROLE ${DATABASE} LOGIN PASSWORD :'password';
CREATE DATABASE ${DATABASE} OWNER ${DATABASE};
SQL
`;

/** PostgreSQL beside the gateway, from the official image. */
export function inClusterDatabase(
  name: string,
  args: InClusterStoreArgs,
  opts: pulumi.ComponentResourceOptions,
): Store {
  const init = `${POSTGRESQL}-init`;
  const script = new k8s.core.v1.ConfigMap(
    `${name}-init`,
    {
      metadata: {
        name: init,
        namespace: args.namespace,
        labels: labels(POSTGRESQL, "postgresql"),
      },
      data: { "role.sh": MAKE_ROLE },
    },
    // Aliases are those of the component.
    pulumi.mergeOptions(opts, { aliases: [] }),
  );
  return new Store(
    name,
    {
      ...args,
      name: POSTGRESQL,
      role: "postgresql",
      port: POSTGRESQL_PORT,
      dataPath: DATA_PATH,
      scratchPaths: ["/var/run/postgresql", "/tmp"],
      configMaps: [{ name: init, mountPath: INIT_PATH }],
      env: [
        { name: "POSTGRES_USER", value: ADMINISTRATOR },
        passwordFrom(POSTGRESQL, "POSTGRES_PASSWORD", ADMIN_PASSWORD_KEY),
        passwordFrom(POSTGRESQL, PASSWORD),
        // initdb wants an empty folder, which the root of a fresh volume (lost+found) is not.
        { name: "PGDATA", value: `${DATA_PATH}/pgdata` },
      ],
      // By TCP: while the image makes a new database, a server without it answers at the socket.
      readinessCommand: ["pg_isready", "-h", "127.0.0.1", "-U", DATABASE, "-d", DATABASE],
    },
    pulumi.mergeOptions(opts, { dependsOn: [script] }),
  );
}
