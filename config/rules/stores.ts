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
    : [];
