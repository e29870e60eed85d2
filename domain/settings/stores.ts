import { z } from "zod";
import { containerResources, image, optional, quantity, type Settings } from "./fields";
import { plainOverrides } from "./overrides";

function inClusterStore(defaults: {
  readonly software: string;
  readonly image: string;
  readonly storage: string;
  readonly resources: Parameters<typeof containerResources>[0];
}) {
  return z.strictObject({
    kind: z.literal("inCluster").describe("inCluster: a StatefulSet with a volume"),
    image: image.default(defaults.image).describe(`Image of ${defaults.software}, pinned`),
    storage: quantity
      .default(defaults.storage)
      .describe(
        "Size of the volume, in bytes: 20Gi. A larger one grows it; Kubernetes refuses a smaller one",
      ),
    resources: containerResources(defaults.resources),
    ...plainOverrides,
  });
}

const managedDatabase = z.strictObject({
  kind: z.literal("managed").describe("managed: Amazon RDS for PostgreSQL"),
  instanceClass: z
    .string()
    // Amazon RDS User Guide, "DB instance class types": burstable, general purpose, memory and compute optimized.
    .regex(
      /^db\.[tmrxzc]\d[a-z0-9-]*\.[a-z0-9]+$/,
      "is no RDS class; write for example db.t4g.medium",
    )
    .default("db.t4g.medium")
    .describe("RDS instance class, which gives CPU and memory"),
  engineVersion: z
    .string()
    // Amazon RDS for PostgreSQL Release Notes: 11 is the oldest in extended support, 19 the newest.
    .regex(/^1[1-9](\.\d+)?$/, "is no PostgreSQL version of RDS; write for example 17 or 17.6")
    .default("17")
    .describe(
      "PostgreSQL version; a major one lets RDS choose the minor one and keep it current, a minor one (17.6) stays as it is written",
    ),
  storageGiB: z
    .number()
    .int()
    .min(20)
    .max(65536)
    .default(20)
    .describe("Storage to start with, GiB"),
  maxStorageGiB: z
    .number()
    .int()
    .min(20)
    .max(65536)
    .default(100)
    .describe("RDS grows the storage up to this, GiB; storageGiB itself: it does not grow"),
  multiAz: z
    .boolean()
    .default(true)
    .describe("Keep a standby in another zone, which takes over when the first one fails"),
  backupRetentionDays: z
    .number()
    .int()
    .min(1)
    .max(35)
    .default(14)
    .describe("How long daily backups are kept, days"),
  finalSnapshot: z
    .boolean()
    .default(true)
    .describe(
      "Take a last snapshot when the database is removed, whatever cluster.deletionProtection was",
    ),
  keepAutomatedBackups: z
    .boolean()
    .default(true)
    .describe("Keep the daily backups of a removed database until their days are over"),
  certificateAuthority: optional(
    z
      .string()
      .regex(
        /^-----BEGIN CERTIFICATE-----\n[A-Za-z0-9+/=\n]+\n-----END CERTIFICATE-----\n?$/,
        "is not one certificate in PEM; of the region's bundle write the root of the instance's CA alone, for LiteLLM's database engine reads one",
      ),
    "Root certificate, PEM, that the database's own and its name are checked against: that of the instance's CA in https://truststore.pki.rds.amazonaws.com/REGION/REGION-bundle.pem",
    "the connection is encrypted, and the certificate not checked",
  ),
});

const managedCache = z.strictObject({
  kind: z.literal("managed").describe("managed: Amazon ElastiCache for Valkey"),
  nodeType: z
    .string()
    // Amazon ElastiCache User Guide, "Supported node types": burstable, general purpose, memory and network optimized.
    .regex(
      /^cache\.[tmrc]\d[a-z0-9-]*\.[a-z0-9]+$/,
      "is no ElastiCache node type; write for example cache.t4g.small",
    )
    .default("cache.t4g.small")
    .describe("ElastiCache node type, which gives CPU and memory"),
  engineVersion: z
    .string()
    // Amazon ElastiCache User Guide, "Engine versions and upgrading in ElastiCache": 7.2 is the first, 9 the newest major version.
    .regex(/^(7\.2|[89]\.\d+)$/, "is no Valkey version of ElastiCache; write for example 8.0")
    .default("8.0")
    .describe("Valkey version, major.minor; ElastiCache keeps it until another is written"),
  replicas: z
    .number()
    .int()
    .min(0)
    .max(5)
    .default(1)
    .describe("Copies in other zones; with at least one the cache fails over by itself"),
  finalSnapshot: z
    .boolean()
    .default(true)
    .describe(
      "Take a last snapshot when the cache is removed, whatever cluster.deletionProtection was",
    ),
});

/** PostgreSQL on Amazon RDS. */
export type ManagedDatabaseSettings = Settings<typeof managedDatabase>;
/** Valkey on Amazon ElastiCache. */
export type ManagedCacheSettings = Settings<typeof managedCache>;
/** PostgreSQL or Redis as a StatefulSet beside the gateway. */
export type InClusterStoreSettings = Settings<ReturnType<typeof inClusterStore>>;
/** Where the gateway's PostgreSQL runs. */
export type DatabaseSettings = Settings<typeof databaseSchema>;
/** Where the gateway's Redis-compatible store runs. */
export type RedisSettings = Settings<typeof redisSchema>;

export const databaseSchema = z
  .discriminatedUnion("kind", [
    inClusterStore({
      software: "PostgreSQL",
      image: "docker.io/library/postgres:17.6",
      storage: "20Gi",
      resources: {
        requests: { cpu: "250m", memory: "512Mi" },
        limits: { cpu: "1", memory: "1Gi" },
      },
    }),
    managedDatabase,
  ])
  .prefault({ kind: "inCluster" })
  .describe("PostgreSQL of the gateway: keys, teams and spend");

export const redisSchema = z
  .discriminatedUnion("kind", [
    inClusterStore({
      software: "Valkey",
      image: "docker.io/valkey/valkey:8.1.3",
      storage: "8Gi",
      resources: {
        requests: { cpu: "100m", memory: "512Mi" },
        limits: { cpu: "500m", memory: "512Mi" },
      },
    }),
    managedCache,
  ])
  .prefault({ kind: "inCluster" })
  .describe("Redis-compatible store of the gateway: cache, cool-downs and request counts");
