import { cacheName, databaseName, LONGEST_NAME } from "../../domain/awsNames";
import {
  mostReplicas,
  POOL,
  poolPerPod,
  serverConnections,
} from "../../domain/databaseConnections";
import { parseQuantity } from "../../domain/quantity";
import { LEAST_REDIS_MEMORY } from "../../domain/redisMemory";
import type { ConfigProblem } from "./problems";
import type { Rule } from "./rule";

const STORES = ["database", "redis"] as const;

/** Managed stores live in the VPC of an EKS cluster, and the gateway's network rules must know its addresses. */
export const managedStoresAreOnAws: Rule = (config) =>
  STORES.flatMap((store): ConfigProblem[] => {
    if (config.gateway[store].kind !== "managed") {
      return [];
    }
    if (config.cluster.kind !== "eks") {
      return [
        {
          path: ["gateway", store, "kind"],
          value: "managed",
          message: `needs a cluster of kind eks, this one is ${config.cluster.kind}; write inCluster`,
        },
      ];
    }
    const { network } = config.cluster;
    return network.kind === "existing" && network.cidr === undefined
      ? [
          {
            path: ["cluster", "network", "cidr"],
            message: `is missing; gateway.${store} is managed, and only the VPC's addresses may be reached for it`,
          },
        ]
      : [];
  });

/** Storage starts within what it may grow to. */
export const managedStoresFit: Rule = ({ gateway: { database } }) =>
  database.kind === "managed" && database.storageGiB > database.maxStorageGiB
    ? [
        {
          path: ["gateway", "database", "storageGiB"],
          value: database.storageGiB,
          message: `is more than maxStorageGiB ${database.maxStorageGiB}; raise maxStorageGiB`,
        },
      ]
    : database.kind === "managed" &&
        database.maxStorageGiB > database.storageGiB &&
        database.maxStorageGiB * 10 < database.storageGiB * 11
      ? [
          {
            path: ["gateway", "database", "maxStorageGiB"],
            value: database.maxStorageGiB,
            // Amazon RDS User Guide, "Managing capacity automatically with Amazon RDS storage autoscaling".
            message: `is less than 10 % above storageGiB ${database.storageGiB}, which RDS refuses; write ${Math.ceil((database.storageGiB * 11) / 10)} or more`,
          },
        ]
      : [];

/** An in-cluster Redis has room for itself and its clients beside the data, which gets a share of the limit. */
export const redisHasRoom: Rule = ({ gateway: { redis } }) => {
  if (redis.kind !== "inCluster") {
    return [];
  }
  const { memory } = redis.resources.limits;
  return parseQuantity(memory) < parseQuantity(LEAST_REDIS_MEMORY)
    ? [
        {
          path: ["gateway", "redis", "resources", "limits", "memory"],
          value: memory,
          message: `is too small: Redis and its connections need room beside the data; write ${LEAST_REDIS_MEMORY} or more`,
        },
      ]
    : [];
};

/** All pods of the gateway that may run at once find connections to the database, beside those of others. */
export const databaseHasConnections: Rule = ({ gateway: { autoscaling, database } }) => {
  const { maxReplicas } = autoscaling;
  if (poolPerPod(database, maxReplicas) >= POOL.least) {
    return [];
  }
  const [server, remedy] =
    database.kind === "managed"
      ? [database.instanceClass, "a larger gateway.database.instanceClass"]
      : ["the in-cluster database", "gateway.database.kind managed"];
  return [
    {
      path: ["gateway", "autoscaling", "maxReplicas"],
      value: maxReplicas,
      message: `is too many pods for the about ${serverConnections(database)} connections of ${server}, ${POOL.least} for each and some for operators; write up to ${mostReplicas(database)}, or ${remedy}`,
    },
  ];
};

/** What the names of managed stores, which begin with the cluster's, must be short enough for. */
const MANAGED_NAMES = [
  {
    store: "database",
    service: "Amazon RDS",
    nameOf: databaseName,
    longest: LONGEST_NAME.database,
  },
  { store: "redis", service: "ElastiCache", nameOf: cacheName, longest: LONGEST_NAME.cache },
] as const;

/** Both services refuse long names and two dashes in a row, when the cluster stands already. */
export const managedStoresHaveNames: Rule = ({ cluster, gateway }) =>
  cluster.kind !== "eks"
    ? []
    : MANAGED_NAMES.filter(({ store }) => gateway[store].kind === "managed").flatMap(
        ({ store, service, nameOf, longest }): ConfigProblem[] => {
          const name = nameOf(cluster.name);
          const room = longest - nameOf("").length;
          const problem = (message: string) => ({
            path: ["cluster", "name"],
            value: cluster.name,
            message,
          });
          return [
            ...(name.length > longest
              ? [
                  problem(
                    `makes ${name} the name of gateway.${store}, and ${service} takes ${longest} characters; write a name of up to ${room}`,
                  ),
                ]
              : []),
            ...(name.includes("--")
              ? [
                  problem(
                    `makes ${name} the name of gateway.${store}, and ${service} takes no two dashes in a row; write one`,
                  ),
                ]
              : []),
          ];
        },
      );
