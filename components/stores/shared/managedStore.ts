import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import type { StoreEndpoint } from "./storeEndpoint";

/** What every managed store of the gateway is placed and guarded by. */
export interface ManagedStoreArgs {
  /** Name of the cluster, which the store's own name starts with. */
  readonly clusterName: string;
  /** VPC of the cluster. */
  readonly vpcId: pulumi.Input<string>;
  /** Private subnets, one per zone. */
  readonly subnetIds: readonly pulumi.Input<string>[];
  /** Blocks of addresses that the store may answer from. */
  readonly subnetCidrs: readonly string[];
  /** Security group of the nodes and their pods, the only ones that may connect. */
  readonly nodeSecurityGroupId: pulumi.Input<string>;
  /** Password of the gateway's user, or authentication token of the cache. */
  readonly password: pulumi.Output<string>;
  /** Refuse to remove the store. What is kept of a removed one, its own settings say. */
  readonly protect: boolean;
  /** How a store's log group is made. @default - it is left to the service, which keeps logs for ever */
  readonly logs?:
    | {
        /** How long log events are kept, days. */
        readonly retentionDays: number;
        /** KMS key of the log group. */
        readonly keyArn: pulumi.Input<string>;
      }
    | undefined;
  /** AWS tags of everything that is made. */
  readonly tags: Readonly<Record<string, string>>;
}

/** Security group of a store: its port, from the cluster's nodes alone. */
export function storeSecurityGroup(
  name: string,
  args: ManagedStoreArgs,
  port: number,
  parent: pulumi.Resource,
): aws.ec2.SecurityGroup {
  const description = `Port ${port} from the cluster's nodes`;
  return new aws.ec2.SecurityGroup(
    name,
    {
      vpcId: args.vpcId,
      description,
      ingress: [
        {
          description,
          protocol: "tcp",
          fromPort: port,
          toPort: port,
          securityGroups: [args.nodeSecurityGroupId],
        },
      ],
      tags: { ...args.tags, Name: name },
    },
    { parent },
  );
}

/**
 * Name of the last snapshot of a store: stable between updates, and new for every store that is made, since AWS refuses the name of a
 * snapshot that is there already, and with it the removal. It begins with the store's own name, as the deploy role's permissions want.
 *
 * @param store name of the store at AWS: its snapshot's name is 15 characters longer
 */
export function finalSnapshotName(
  name: string,
  store: string,
  parent: pulumi.Resource,
): pulumi.Output<string> {
  const { hex } = new random.RandomId(
    `${name}-snapshot`,
    { byteLength: 4, keepers: { store } },
    { parent },
  );
  return pulumi.interpolate`${store}-final-${hex}`;
}

/** The endpoint of a managed store, as the gateway and its network rule see it. */
export function managedEndpoint(
  host: pulumi.Output<string>,
  port: number,
  { subnetCidrs }: ManagedStoreArgs,
): StoreEndpoint {
  return {
    kind: "single",
    host,
    port,
    tls: true,
    peers: subnetCidrs.map((cidr) => ({ ipBlock: { cidr } })),
  };
}
