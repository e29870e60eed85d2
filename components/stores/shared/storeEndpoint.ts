import type { types } from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { tcp } from "../../kubernetes/networkPolicy";

type Peer = types.input.networking.v1.NetworkPolicyPeer;
type EgressRule = types.input.networking.v1.NetworkPolicyEgressRule;

/** A store that answers at one address. */
export interface SingleEndpoint {
  /** How the store is found: at this address, always. */
  readonly kind: "single";
  /** DNS name or address. */
  readonly host: pulumi.Input<string>;
  /** TCP port. */
  readonly port: number;
  /** Whether it speaks TLS, and nothing else. */
  readonly tls: boolean;
  /** Root certificate, PEM, that the store's own is checked against. @default - the certificate is not checked */
  readonly certificateAuthority?: string | undefined;
  /** Who answers there, as its clients' network rules name it. */
  readonly peers: readonly Peer[];
}

/**
 * Where a store of the gateway answers, in the cluster or outside it. A store that is found in another way, such as Redis
 * behind Sentinel, is a further kind of this union: the compiler then asks each function that reads an endpoint for its case.
 */
export type StoreEndpoint = SingleEndpoint;

/** The stores that the gateway needs. */
export interface StoreEndpoints {
  /** PostgreSQL: keys, teams and spend. */
  readonly database: StoreEndpoint;
  /** Redis or Valkey: cache, cool-downs and request counts. */
  readonly redis: StoreEndpoint;
}

/** What lets a pod with an egress policy reach the store. */
export function egressTo({ peers, port }: StoreEndpoint): EgressRule {
  return { to: [...peers], ports: [tcp(port)] };
}
