import { z } from "zod";
import { autoscaling, containerResources, dnsLabel, image, quantity } from "./fields";
import { ROUTING_STRATEGIES, UNUSABLE_FAILURES } from "../routing";

const inClusterStore = (defaults: {
  readonly image: string;
  readonly storage: string;
  readonly resources: Parameters<typeof containerResources>[0];
}) =>
  z.strictObject({
    kind: z.literal("inCluster").describe("inCluster: a StatefulSet with a volume"),
    image: image.default(defaults.image),
    storage: quantity.default(defaults.storage).describe("Size of the volume"),
    resources: containerResources(defaults.resources),
  });

const database = z
  .discriminatedUnion("kind", [
    inClusterStore({
      image: "docker.io/library/postgres:17.6",
      storage: "20Gi",
      resources: {
        requests: { cpu: "250m", memory: "512Mi" },
        limits: { cpu: "1", memory: "1Gi" },
      },
    }),
    z.strictObject({
      kind: z.literal("managed").describe("managed: Amazon RDS for PostgreSQL"),
      instanceClass: z
        .string()
        .regex(/^db\.[a-z0-9-]+\.[a-z0-9]+$/, "is no RDS class; write for example db.t4g.medium")
        .default("db.t4g.medium"),
      engineVersion: z
        .string()
        .regex(/^\d+(\.\d+)?$/, "is no PostgreSQL version; write for example 17 or 17.6")
        .default("17")
        .describe("A major version lets RDS choose and keep current the minor one"),
      storageGiB: z.number().int().min(20).max(65536).default(20),
      maxStorageGiB: z
        .number()
        .int()
        .min(20)
        .max(65536)
        .default(100)
        .describe("RDS grows the storage up to this"),
      multiAz: z.boolean().default(true).describe("Keep a standby in another zone"),
      backupRetentionDays: z.number().int().min(1).max(35).default(14),
    }),
  ])
  .prefault({ kind: "inCluster" })
  .describe("PostgreSQL of the gateway: keys, teams and spend");

const redis = z
  .discriminatedUnion("kind", [
    inClusterStore({
      image: "docker.io/valkey/valkey:8.1.3",
      storage: "8Gi",
      resources: {
        requests: { cpu: "100m", memory: "512Mi" },
        limits: { cpu: "500m", memory: "512Mi" },
      },
    }),
    z.strictObject({
      kind: z.literal("managed").describe("managed: Amazon ElastiCache for Valkey"),
      nodeType: z
        .string()
        .regex(
          /^cache\.[a-z0-9-]+\.[a-z0-9]+$/,
          "is no ElastiCache node type; write for example cache.t4g.small",
        )
        .default("cache.t4g.small"),
      engineVersion: z
        .string()
        .regex(/^\d+\.\d+$/, "is no Valkey version; write for example 8.0")
        .default("8.0"),
      replicas: z
        .number()
        .int()
        .min(0)
        .max(5)
        .default(1)
        .describe("Copies in other zones; with at least one the cache fails over by itself"),
    }),
  ])
  .prefault({ kind: "inCluster" })
  .describe("Redis-compatible store of the gateway: cache, cool-downs and request counts");

const cidr = z.union(
  [z.cidrv4(), z.cidrv6()],
  "is no block of addresses; write for example 10.0.0.0/8",
);

const routing = z
  .strictObject({
    strategy: z
      .enum(ROUTING_STRATEGIES)
      .default("least-busy")
      .describe("How the gateway picks a replica"),
    healthCheckIntervalSeconds: z
      .number()
      .int()
      .min(5)
      .max(3600)
      .default(30)
      .describe(
        "How soon a new replica gets requests; below 60 s / failuresBeforeCooldown only once its cool-down ends, for failed checks count",
      ),
    failuresBeforeCooldown: z
      .number()
      .int()
      .min(1)
      .max(1000)
      .refine(
        (value) => value !== UNUSABLE_FAILURES,
        `cannot be ${UNUSABLE_FAILURES}: LiteLLM takes its own default for "not set"; write 3 or 5`,
      )
      .default(3)
      .describe("Failures of one replica within a minute that start its cool-down"),
    cooldownSeconds: z.number().int().min(1).max(3600).default(60),
    retries: z.number().int().min(0).max(10).default(2),
    requestTimeoutSeconds: z
      .number()
      .int()
      .min(1)
      .max(3600)
      .default(120)
      .describe(
        "Longest wait for one attempt: for the whole answer, or for the next part of a stream",
      ),
    fallbacks: z
      .record(z.string(), z.array(z.string()).min(1))
      .optional()
      .describe(
        "Models to try when every replica of the model at the key has failed. Default: from the Llama preset to the Qwen preset where both are served",
      ),
  })
  .prefault({});

/** The gateway: LiteLLM, its stores and how it routes. */
export const gatewaySchema = z
  .strictObject({
    namespace: dnsLabel.default("litellm"),
    image: image
      .default("ghcr.io/berriai/litellm-non_root:v1.106.2")
      .describe("LiteLLM image, the variant that runs without root"),
    resources: containerResources({
      requests: { cpu: "500m", memory: "1Gi" },
      limits: { cpu: "2000m", memory: "4Gi" },
    }),
    autoscaling: autoscaling({
      minReplicas: 2,
      maxReplicas: 10,
      cpuUtilization: 70,
      memoryUtilization: 80,
      scaleUp: {
        stabilizationWindowSeconds: 60,
        selectPolicy: "Max",
        policies: [
          { type: "Percent", value: 100, periodSeconds: 60 },
          { type: "Pods", value: 2, periodSeconds: 60 },
        ],
      },
      scaleDown: {
        stabilizationWindowSeconds: 300,
        selectPolicy: "Min",
        policies: [
          { type: "Percent", value: 50, periodSeconds: 60 },
          { type: "Pods", value: 1, periodSeconds: 60 },
        ],
      },
    }),
    service: z
      .strictObject({
        type: z.enum(["LoadBalancer", "ClusterIP"]).default("LoadBalancer"),
        internal: z
          .boolean()
          .default(true)
          .describe("false asks for a load balancer with a public address"),
        allowedSourceRanges: z
          .array(cidr)
          .default([])
          .describe("CIDRs that may connect; all when empty"),
        tls: z
          .strictObject({
            certificateArn: z
              .string()
              .regex(
                /^arn:aws[\w-]*:acm:[\w-]+:\d{12}:certificate\/.+$/,
                "is no ARN of an ACM certificate; write arn:aws:acm:REGION:ACCOUNT:certificate/ID",
              )
              .describe("Certificate of AWS Certificate Manager that the load balancer shows"),
            hostName: z
              .hostname("is no host name; write one that the certificate is for")
              .describe("Name that clients use; its DNS record is yours to make"),
          })
          .optional()
          .describe("TLS at the load balancer, port 443; plain HTTP on port 4000 when left out"),
        annotations: z.record(z.string(), z.string()).default({}),
      })
      .prefault({}),
    masterKeyGeneration: z
      .number()
      .int()
      .min(1)
      .default(1)
      .describe("Raise it to replace the administrator's API key"),
    routing,
    cache: z
      .strictObject({
        enabled: z.boolean().default(true),
        ttlSeconds: z
          .number()
          .int()
          .min(1)
          .default(3600)
          .describe("Seconds that an answer is kept"),
      })
      .prefault({}),
    database,
    redis,
  })
  .prefault({});
