import { z } from "zod";
import { autoscaling, type AutoscalingDefaults } from "./autoscaling";
import { hostNameProblem } from "../hostName";
import { containerResources, dnsLabel, image, judgedBy, optional, type Settings } from "./fields";
import { DEFAULT_NAMESPACES } from "../names";
import { keysSchema } from "./keys";
import { servedOverrides } from "./overrides";
import { gatewayRequestsSchema } from "./requests";
import { cacheSchema, routingSchema, type RoutingSettings } from "./routing";
import { databaseSchema, redisSchema } from "./stores";

const AUTOSCALING: AutoscalingDefaults = {
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
};

/** As a cluster's region is of the partition aws. */
function certificatePartitionProblem(arn: string): string | undefined {
  const partition = arn.split(":")[1] ?? "aws";
  return partition.startsWith("aws-")
    ? `is of the partition ${partition}; write one of the partition aws: arn:aws:acm:REGION:ACCOUNT:certificate/ID`
    : undefined;
}

const tls = z.strictObject({
  hostName: z
    .hostname("is no host name; write one that a certificate is for, such as llm.example.com")
    .superRefine(judgedBy(hostNameProblem))
    .describe("Name that clients use"),
  hostedZoneId: optional(
    z.string().regex(/^Z[A-Z0-9]{1,31}$/, "is no hosted zone of Route 53; write Z..."),
    "Public hosted zone of Route 53 that hostName lies in: certificate, its proof and hostName's record are then made here",
    "certificate and record are yours to make",
  ),
  certificateArn: optional(
    z
      .string()
      .regex(
        /^arn:aws[\w-]*:acm:[\w-]+:\d{12}:certificate\/.+$/,
        "is no ARN of an ACM certificate; write arn:aws:acm:REGION:ACCOUNT:certificate/ID",
      )
      .superRefine(judgedBy(certificatePartitionProblem)),
    "ARN of a certificate of AWS Certificate Manager that is there, in place of hostedZoneId",
    "made for hostName in hostedZoneId",
  ),
});

const cidr = z.union(
  [z.cidrv4(), z.cidrv6()],
  "is no block of addresses; write for example 10.0.0.0/8",
);

const serviceSchema = z
  .strictObject({
    type: z
      .enum(["LoadBalancer", "ClusterIP"])
      .default("LoadBalancer")
      .describe("LoadBalancer: reachable from the network; ClusterIP: inside the cluster alone"),
    internal: z
      .boolean()
      .default(true)
      .describe(
        "Keep the load balancer inside the network; false asks for one with a public address",
      ),
    allowedSourceRanges: z
      .array(cidr)
      .default([])
      .describe("CIDRs that may connect to the load balancer; all when empty"),
    tls: optional(tls, "TLS at the load balancer, port 443", "plain HTTP on port 4000"),
    crossZone: z
      .boolean()
      .default(true)
      .describe(
        "Let the load balancer send to the pods of every zone from each of its addresses; traffic between zones costs",
      ),
    networkLoadBalancer: optional(
      z.boolean(),
      "Whether the AWS Load Balancer Controller makes the load balancer: pods then wait until it has taken them up, and drain for as long as it sends",
      "true for a LoadBalancer of a cluster of kind eks, or with tls; false otherwise",
    ),
    drainSeconds: optional(
      z.number().int().min(1).max(3600),
      "Seconds that a pod goes on serving after it was told to end, until nobody sends to it",
      "180 behind a network load balancer, 15 otherwise",
    ),
    annotations: z
      .record(z.string(), z.string())
      .default({})
      .describe(
        "Annotations of the Service, for the cluster's load-balancer controller; they win over the platform's own",
      ),
  })
  .prefault({});

/** How clients reach the gateway, with what follows from the cluster filled in. */
export type ServiceSettings = Omit<
  Settings<typeof serviceSchema>,
  "drainSeconds" | "networkLoadBalancer"
> & {
  readonly drainSeconds: number;
  readonly networkLoadBalancer: boolean;
};

/** The gateway: LiteLLM, its stores and how it routes. */
export const gatewaySchema = z
  .strictObject({
    namespace: dnsLabel()
      .default(DEFAULT_NAMESPACES.gateway)
      .describe("Namespace of the gateway and its in-cluster stores"),
    image: image
      .default("ghcr.io/berriai/litellm-non_root:v1.106.2")
      .describe("LiteLLM image, pinned, the variant that runs without root"),
    resources: containerResources({
      // Of memory enough for what a pod has at rest: domain/models/gatewayMemory.ts.
      requests: { cpu: "500m", memory: "2Gi" },
      limits: { cpu: "2000m", memory: "4Gi" },
    }),
    ...servedOverrides,
    autoscaling: autoscaling(AUTOSCALING).extend({ requests: gatewayRequestsSchema }).prefault({}),
    service: serviceSchema,
    masterKeyGeneration: z
      .number()
      .int()
      .min(1)
      .default(1)
      .describe("Raise it to replace the administrator's API key, and to roll the pods with it"),
    routing: routingSchema,
    cache: cacheSchema,
    keys: keysSchema,
    database: databaseSchema,
    redis: redisSchema,
  })
  .prefault({});

/** The gateway's settings, with what follows from other settings filled in. */
export type GatewaySettings = Omit<Settings<typeof gatewaySchema>, "routing" | "service"> & {
  readonly routing: RoutingSettings;
  readonly service: ServiceSettings;
};
