import {
  type Edit,
  GATEWAY_ROLL,
  MIGRATIONS,
  GATEWAY_SERVICE,
  ROUTING,
  SERVERS,
  gateway,
} from "./edit";

const POD_ROW =
  "`gateway.image`, `gateway.resources`, `gateway.podOverrides`, `gateway.containerOverrides`";
const ROUTING_ROW = "`gateway.routing`, `gateway.cache`, `gateway.keys`";
const LISTENER_ROW =
  "`gateway.service.allowedSourceRanges`, `gateway.service.crossZone`, `gateway.service.annotations`";
const DRAIN_ROW = "`gateway.service.drainSeconds`, `gateway.service.networkLoadBalancer`";
const STORE_ROW =
  "`image`, `resources`, `podOverrides`, `containerOverrides` of an in-cluster store";

const service = (settings: object) => gateway({ service: settings });
const POSTGRESQL = "kubernetes:apps/v1:StatefulSet gateway-postgresql";
const VALKEY = "kubernetes:apps/v1:StatefulSet gateway-redis";

/** Edits of the gateway's pods, of its Service and of its in-cluster stores. */
export const GATEWAY_EDITS: readonly Edit[] = [
  {
    row: POD_ROW,
    edit: "the gateway gets another image",
    changes: gateway({ image: "ghcr.io/berriai/litellm-non_root:v1.106.3" }),
    update: [GATEWAY_ROLL],
    replace: [MIGRATIONS],
  },
  {
    row: POD_ROW,
    edit: "the gateway asks for more CPU",
    changes: gateway({ resources: { requests: { cpu: "600m", memory: "2Gi" } } }),
    update: [GATEWAY_ROLL],
  },
  {
    row: POD_ROW,
    edit: "the gateway's pods get an annotation, and their process a variable",
    changes: gateway({
      podOverrides: { annotations: { "example.com/owner": "platform" } },
      containerOverrides: { env: [{ name: "OWNER", value: "platform" }] },
    }),
    update: [GATEWAY_ROLL],
    replace: [MIGRATIONS],
  },
  {
    row: ROUTING_ROW,
    edit: "a replica that failed is left alone for longer",
    changes: gateway({ routing: { cooldownSeconds: 45 } }),
    update: [GATEWAY_ROLL, ROUTING],
  },
  {
    row: ROUTING_ROW,
    edit: "answers are not kept",
    changes: gateway({ cache: { enabled: false } }),
    update: [GATEWAY_ROLL, ROUTING],
  },
  {
    row: ROUTING_ROW,
    edit: "a deleted key ends sooner",
    changes: gateway({ keys: { cacheSeconds: 60 } }),
    update: [GATEWAY_ROLL, ROUTING],
  },
  {
    row: "`gateway.routing.longestAnswerSeconds`, `gateway.routing.requestTimeoutSeconds`",
    edit: "an answer may take longer",
    changes: gateway({ routing: { longestAnswerSeconds: 600 } }),
    update: [GATEWAY_ROLL, GATEWAY_SERVICE, SERVERS],
  },
  {
    row: "`gateway.service.internal`",
    edit: "the load balancer gets a public address",
    changes: service({ internal: false }),
    refusedBy: "load-balancers-internal",
    update: [GATEWAY_SERVICE],
  },
  {
    row: LISTENER_ROW,
    edit: "one network alone may connect",
    changes: service({ allowedSourceRanges: ["10.0.0.0/8"] }),
    update: [GATEWAY_SERVICE],
  },
  {
    row: LISTENER_ROW,
    edit: "the load balancer keeps to its zone",
    changes: service({ crossZone: false }),
    update: [GATEWAY_SERVICE],
  },
  {
    row: LISTENER_ROW,
    edit: "the Service gets an annotation",
    changes: service({ annotations: { "example.com/owner": "platform" } }),
    update: [GATEWAY_SERVICE],
  },
  {
    row: DRAIN_ROW,
    edit: "a pod that ends serves for longer",
    changes: service({ drainSeconds: 240 }),
    update: [GATEWAY_ROLL, GATEWAY_SERVICE],
  },
  {
    row: STORE_ROW,
    edit: "the database gets another image",
    changes: gateway({
      database: { kind: "inCluster", image: "docker.io/library/postgres:17.7" },
    }),
    update: [POSTGRESQL],
  },
  {
    row: STORE_ROW,
    edit: "the cache asks for more CPU, and its pod gets a label",
    changes: gateway({
      redis: {
        kind: "inCluster",
        resources: { requests: { cpu: "200m", memory: "512Mi" } },
        podOverrides: { labels: { "example.com/owner": "platform" } },
      },
    }),
    update: [VALKEY],
  },
];
