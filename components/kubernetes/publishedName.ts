import type * as pulumi from "@pulumi/pulumi";
import type { ServiceSettings } from "../../domain/settings/gateway";

/** A name outside the cluster, with what it needs. */
export interface PublishedName {
  /** ARN of its certificate, which the load balancer shows. */
  readonly certificateArn: pulumi.Output<string>;
  /** Leads clients to a network load balancer, given the name that AWS gave it. */
  readonly pointTo: (address: pulumi.Input<string>) => void;
}

/** Makes certificate and records of a name, where its zone is told; undefined where it is not. */
export type Publish = (tls: ServiceSettings["tls"]) => PublishedName | undefined;
