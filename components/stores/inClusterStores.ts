import type * as pulumi from "@pulumi/pulumi";
import { selector } from "../../domain/labels";
import * as names from "../../domain/names";
import type { DatabaseSettings, RedisSettings } from "../../domain/settings/stores";
import { Store, type StoreArgs } from "./shared/store";
import { DATABASE, STORE_PASSWORD_KEY } from "../../domain/names";

export interface InClusterStoresArgs {
  readonly namespace: string;
  readonly database: DatabaseSettings;
  readonly redis: RedisSettings;
  readonly storageClass: string;
}

/** The stores that run beside the gateway; none where both are managed. */
export function inClusterStores(
  name: string,
  { namespace, storageClass, database, redis }: InClusterStoresArgs,
  opts: pulumi.ComponentResourceOptions,
): Store[] {
  const shared = {
    namespace,
    storageClass,
    clientLabels: selector(names.GATEWAY),
    // Both official Debian-based images create their user with this id.
    uid: 999,
  };
  return [
    ...(database.kind === "inCluster"
      ? [new Store(`${name}-postgresql`, { ...shared, ...POSTGRESQL, settings: database }, opts)]
      : []),
    ...(redis.kind === "inCluster"
      ? [new Store(`${name}-redis`, { ...shared, ...REDIS, settings: redis }, opts)]
      : []),
  ];
}

type StoreSoftware = Omit<
  StoreArgs,
  "namespace" | "storageClass" | "clientLabels" | "uid" | "settings"
>;

const POSTGRESQL: StoreSoftware = {
  name: names.POSTGRESQL,
  component: "postgresql",
  port: names.POSTGRESQL_PORT,
  dataPath: "/var/lib/postgresql/data",
  scratchPaths: ["/var/run/postgresql", "/tmp"],
  env: [
    { name: "POSTGRES_USER", value: DATABASE },
    { name: "POSTGRES_DB", value: DATABASE },
    // initdb wants an empty folder, which the root of a fresh volume (lost+found) is not.
    { name: "PGDATA", value: "/var/lib/postgresql/data/pgdata" },
    password("POSTGRES_PASSWORD", names.POSTGRESQL),
  ],
  readinessCommand: ["pg_isready", "-U", DATABASE, "-d", DATABASE],
};

const REDIS: StoreSoftware = {
  name: names.REDIS,
  component: "redis",
  port: names.REDIS_PORT,
  dataPath: "/data",
  scratchPaths: ["/tmp"],
  command: [
    "valkey-server",
    "--dir",
    "/data",
    "--requirepass",
    "$(REDIS_PASSWORD)",
    "--maxmemory",
    "384mb",
    // Everything in it can be computed again, so a full cache forgets instead of refusing writes.
    "--maxmemory-policy",
    "allkeys-lru",
  ],
  env: [password("REDIS_PASSWORD", names.REDIS)],
  readinessCommand: [
    "/bin/sh",
    "-c",
    'valkey-cli -a "$REDIS_PASSWORD" --no-auth-warning ping | grep -q PONG',
  ],
};

function password(envName: string, secret: string) {
  return {
    name: envName,
    valueFrom: { secretKeyRef: { name: secret, key: STORE_PASSWORD_KEY } },
  };
}
