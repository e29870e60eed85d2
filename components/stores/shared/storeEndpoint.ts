import type { types } from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { selector } from "../../../domain/labels";
import { podsIn } from "../../kubernetes/networkPolicy";
import * as names from "../../../domain/names";

/** Where a store of the gateway answers, in the cluster or outside it. */
export interface StoreEndpoint {
  readonly host: pulumi.Input<string>;
  readonly port: number;
  /** Whether it speaks TLS, and nothing else. */
  readonly tls: boolean;
  /** Who answers there, as the gateway's network rule names it. */
  readonly peers: readonly types.input.networking.v1.NetworkPolicyPeer[];
}

/** The stores that the gateway needs. */
export interface StoreEndpoints {
  readonly database: StoreEndpoint;
  readonly redis: StoreEndpoint;
}

/** The endpoints of the StatefulSets in the gateway's own namespace. */
export function inClusterEndpoints(namespace: string): StoreEndpoints {
  const inCluster = (host: string, port: number): StoreEndpoint => ({
    host,
    port,
    tls: false,
    peers: [podsIn(namespace, selector(host))],
  });
  return {
    database: inCluster(names.POSTGRESQL, names.POSTGRESQL_PORT),
    redis: inCluster(names.REDIS, names.REDIS_PORT),
  };
}
