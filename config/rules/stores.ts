import { parseQuantity } from "../../domain/quantity";
import { managedStoreName } from "../../domain/names";
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

/** Longest identifiers. Sources: API references of CreateDBInstance and CreateReplicationGroup. */
const LONGEST_NAME = { database: 63, redis: 40 } as const;

/** The names that AWS takes for stores begin with the cluster's; a snapshot's is longer, and may be. */
export const managedStoresHaveNames: Rule = ({ cluster, gateway }) =>
  STORES.flatMap((store): ConfigProblem[] => {
    if (cluster.kind !== "eks" || gateway[store].kind !== "managed") {
      return [];
    }
    const problem = (message: string) => [
      { path: ["cluster", "name"], value: cluster.name, message },
    ];
    const { length } = managedStoreName(store, cluster.name);
    const room = LONGEST_NAME[store] - (length - cluster.name.length);
    return [
      ...(cluster.name.length > room
        ? problem(
            `is too long for the name of a managed ${store}; write at most ${room} characters`,
          )
        : []),
      ...(cluster.name.includes("--")
        ? problem(`has two dashes in a row, which AWS refuses in the name of a managed ${store}`)
        : []),
    ];
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
