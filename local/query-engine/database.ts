import { EventEmitter } from "node:events";
import { readFileSync } from "node:fs";
import { Socket } from "node:net";
import { Pool, type FieldDef, type PoolClient } from "pg";

/** What a connection URL says to Prisma's engine. */
export interface DatabaseLocation {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
  readonly password: string;
  /** Connections at most. */
  readonly connectionLimit: number;
  /** Seconds that a query waits for one of them. */
  readonly poolTimeoutSeconds: number;
  /** Seconds that a connection takes at most. */
  readonly connectTimeoutSeconds: number;
  /** Options of the session, as `-c statement_timeout=1000`. */
  readonly options: string | undefined;
}

/** Parameters that mean nothing on a loopback connection of one session each. */
const IGNORED = [
  "schema",
  "pgbouncer",
  "socket_timeout",
  "max_connection_lifetime",
  "max_idle_connection_lifetime",
];

/**
 * Reads a connection URL as Prisma's engine does (https://www.prisma.io/docs/orm/overview/databases/postgresql).
 *
 * @throws Error for a parameter that is not known here; TLS among them, for PostgreSQL listens on loopback here
 */
export function databaseLocation(text: string): DatabaseLocation {
  const url = new URL(text);
  const parameters = url.searchParams;
  const known = [
    ...IGNORED,
    "connection_limit",
    "pool_timeout",
    "connect_timeout",
    "options",
    "sslmode",
  ];
  const unknown = [...parameters.keys()].filter((name) => !known.includes(name));
  if (unknown.length > 0) {
    throw new Error(
      `the connection URL has parameters that are not known here: ${unknown.join(", ")}`,
    );
  }
  const sslmode = parameters.get("sslmode");
  if (sslmode !== null && sslmode !== "disable" && sslmode !== "prefer") {
    throw new Error(`sslmode=${sslmode}: the embedded PostgreSQL has no TLS`);
  }
  const number = (name: string, usual: number) => Number(parameters.get(name) ?? usual);
  return {
    host: url.hostname,
    port: Number(url.port || 5432),
    database: decodeURIComponent(url.pathname.slice(1)),
    user: decodeURIComponent(url.username),
    password: decodeURIComponent(url.password),
    connectionLimit: number("connection_limit", 10),
    poolTimeoutSeconds: number("pool_timeout", 10),
    connectTimeoutSeconds: number("connect_timeout", 5),
    options: parameters.get("options") ?? undefined,
  };
}

/** The URL that Prisma's Python client gives the engine: that of the environment, unless it overrides the data source. */
export function databaseUrl(env: NodeJS.ProcessEnv): string {
  const overridden = env.OVERWRITE_DATASOURCES;
  if (overridden !== undefined) {
    const [source]: { readonly url?: string }[] = JSON.parse(overridden) as { url?: string }[];
    if (source?.url !== undefined) {
      return source.url;
    }
  }
  const url = env.DATABASE_URL;
  if (url === undefined) {
    throw new Error("DATABASE_URL is not set");
  }
  return url;
}

/** A pool of connections. */
export function poolOf(location: DatabaseLocation, env: NodeJS.ProcessEnv): Pool {
  const { host, port, database, user, password, options } = location;
  const pool = new Pool({
    host,
    port,
    database,
    user,
    password,
    ...(options === undefined ? {} : { options }),
    max: location.connectionLimit,
    connectionTimeoutMillis:
      Math.max(location.poolTimeoutSeconds, location.connectTimeoutSeconds) * 1000,
    stream: () => new ClusterSocket(env),
  });
  pool.on("connect", readCatalogueNames);
  return pool;
}

/**
 * Types of PostgreSQL's own catalogue that Prisma's native engine reads as text, and its adapter for `pg` refuses, with the types
 * that it takes: `"char"`, `name`, `name[]`.
 */
const AS_TEXT: Readonly<Record<number, number>> = { 18: 25, 19: 25, 1003: 1009 };

/** Announces the columns of those types as text, before anybody reads their type. */
function readCatalogueNames(client: PoolClient): void {
  const connection: unknown = Reflect.get(client, "connection");
  if (!(connection instanceof EventEmitter)) {
    throw new Error("pg has no connection under this name any more");
  }
  connection.prependListener("rowDescription", ({ fields }: { fields: FieldDef[] }) => {
    for (const field of fields) {
      field.dataTypeID = AS_TEXT[field.dataTypeID] ?? field.dataTypeID;
    }
  });
}

/** A socket that knows the cluster's DNS names, as `../processes/dns` does for Python. */
class ClusterSocket extends Socket {
  public constructor(private readonly env: NodeJS.ProcessEnv) {
    super();
  }

  public override connect(...args: unknown[]): this {
    const [port, host] = args;
    if (typeof port !== "number" || typeof host !== "string") {
      throw new TypeError("a connection has a port and a host");
    }
    return super.connect({ port, host: resolved(host, this.env) });
  }
}

/** Loopback address of a cluster name; the host itself outside of the embedded environment, or when it is none. */
export function resolved(host: string, env: Readonly<NodeJS.ProcessEnv>): string {
  const file = env.CLUSTER_DNS_FILE;
  if (file === undefined) {
    return host;
  }
  const names = JSON.parse(readFileSync(file, "utf8")) as Readonly<Record<string, string[]>>;
  for (const name of [host, `${host}.${env.CLUSTER_DNS_NAMESPACE ?? ""}.svc`, `${host}.svc`]) {
    const [address] = names[name] ?? [];
    if (address !== undefined) {
      return address;
    }
  }
  return host;
}
