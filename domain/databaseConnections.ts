import { GATEWAY_SURGE } from "./rolls";

/** The gateway's PostgreSQL, as far as the number of its connections depends on it. */
export type DatabaseSize =
  { readonly kind: "inCluster" } | { readonly kind: "managed"; readonly instanceClass: string };

/** Connections of PostgreSQL where nothing else is configured. Source: PostgreSQL documentation, `max_connections`. */
const DEFAULT_CONNECTIONS = 100;

/** Connections that PostgreSQL keeps for superusers, on RDS for its own. Source: `superuser_reserved_connections`. */
const SUPERUSER_CONNECTIONS = 3;

/** Connections that are left for operators, their tools and monitoring: a choice. */
const OPERATOR_CONNECTIONS = 5;

/** Connections of the Job that migrates the database while the old pods serve: one, and one that has not ended yet. */
const MIGRATION_CONNECTIONS = 2;

/**
 * Pods beside `maxReplicas` that hold connections during a roll: those that it adds, and as many that were told to end and still answer,
 * which no longer count as replicas.
 */
const ROLLING_PODS = 2 * GATEWAY_SURGE;

/** Connections that a pod of the gateway opens at most, LiteLLM's default, and least with which one slow query does not stop the others. */
export const POOL = { most: 10, least: 2 } as const;

const GIBIBYTE = 2 ** 30;

/** The divisor of `max_connections` and its ceiling. Source: Amazon RDS User Guide, "Maximum number of database connections". */
const RDS = { bytesPerConnection: 9_531_392, most: 5000 } as const;

/**
 * Nominal memory of an RDS class of the size `large`, GiB, by the letter of its family: of those generations that run PostgreSQL the least, rounded
 * down. Other sizes follow by their factor, but for burstable ones. Source: Amazon RDS User Guide, "Hardware specifications".
 */
const LARGE_GIB: Readonly<Record<string, number>> = { t: 8, m: 7.5, r: 15, x: 30, z: 16, c: 4 };

/** Nominal memory of the burstable classes below `large`, GiB. Source: as above. */
const BURSTABLE_GIB: Readonly<Record<string, number>> = { micro: 1, small: 2, medium: 4 };

/** Nominal memory of a class that is not known, GiB: the smallest there is. */
const SMALLEST_GIB = 1;

/** Connections that the server takes in all. */
export function serverConnections(database: DatabaseSize): number {
  return database.kind === "inCluster"
    ? DEFAULT_CONNECTIONS
    : Math.min(
        RDS.most,
        Math.floor((usableGiB(database.instanceClass) * GIBIBYTE) / RDS.bytesPerConnection),
      );
}

/**
 * Connections that each pod of the gateway may open, so that all of them together leave those of others.
 *
 * @param maxReplicas most pods of the gateway
 */
export function poolPerPod(database: DatabaseSize, maxReplicas: number): number {
  return Math.min(
    POOL.most,
    Math.floor(gatewayConnections(database) / (maxReplicas + ROLLING_PODS)),
  );
}

/** The most pods that can have {@link POOL.least} connections each. */
export function mostReplicas(database: DatabaseSize): number {
  return Math.floor(gatewayConnections(database) / POOL.least) - ROLLING_PODS;
}

function gatewayConnections(database: DatabaseSize): number {
  return (
    serverConnections(database) -
    SUPERUSER_CONNECTIONS -
    OPERATOR_CONNECTIONS -
    MIGRATION_CONNECTIONS
  );
}

/**
 * `DBInstanceClassMemory` of a class, GiB: what the operating system and RDS's own processes leave of its memory. AWS publishes no figures, so that
 * this is an estimate, somewhat below each reading of `max_connections` found: 198 with 2 GiB, 413 with 4, 856 with 8, 1660 with 15.25
 * (gist.github.com/guizmaii/1cacffef793c2ba9645083c3e18b3d8c).
 */
function usableGiB(instanceClass: string): number {
  return nominalGiB(instanceClass) * 0.95 - 0.25;
}

function nominalGiB(instanceClass: string): number {
  const [, family = "", size = ""] = /^db\.([a-z])[^.]*\.(.+)$/.exec(instanceClass) ?? [];
  const large = LARGE_GIB[family];
  const factor = sizeFactor(size);
  return (
    (family === "t" ? BURSTABLE_GIB[size] : undefined) ??
    (large === undefined || factor === undefined ? SMALLEST_GIB : large * factor)
  );
}

/** How many times the memory of `large` a size has. */
function sizeFactor(size: string): number | undefined {
  const [, times] = /^(\d*)xlarge$/.exec(size) ?? [];
  return times === undefined
    ? { medium: 0.5, large: 1 }[size]
    : 2 * (times === "" ? 1 : Number(times));
}
