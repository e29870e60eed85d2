import { cacheName } from "../../../domain/awsNames";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { REDIS_PORT } from "../../../domain/names";
import { EVICTION_POLICY } from "../../../domain/redisMemory";
import type { ManagedCacheSettings } from "../../../domain/settings/stores";
import type { StoreEndpoint } from "../shared/storeEndpoint";
import {
  finalSnapshotName,
  managedEndpoint,
  storeSecurityGroup,
  type ManagedStoreArgs,
} from "../shared/managedStore";

/** Valkey on Amazon ElastiCache: encrypted, private, TLS only, with an authentication token. */
export class ManagedCache extends pulumi.ComponentResource {
  public readonly endpoint: StoreEndpoint;

  public constructor(
    name: string,
    args: ManagedStoreArgs & { readonly settings: ManagedCacheSettings },
    opts: pulumi.ComponentResourceOptions,
  ) {
    super("llm-gateway:cluster:ManagedCache", name, {}, opts);
    const { settings } = args;
    const child = { parent: this };
    const replicationGroupId = cacheName(args.clusterName);
    const tags = { ...args.tags, Name: replicationGroupId };
    const subnets = new aws.elasticache.SubnetGroup(
      name,
      { subnetIds: [...args.subnetIds], tags },
      child,
    );
    const parameters = new aws.elasticache.ParameterGroup(
      name,
      {
        family: `valkey${settings.engineVersion.split(".")[0] ?? ""}`,
        description: "A full cache forgets instead of refusing writes",
        parameters: [{ name: "maxmemory-policy", value: EVICTION_POLICY }],
        tags,
      },
      child,
    );
    const group = new aws.elasticache.ReplicationGroup(
      name,
      {
        replicationGroupId,
        description: "Cache and shared routing state of the gateway",
        engine: "valkey",
        engineVersion: settings.engineVersion,
        nodeType: settings.nodeType,
        numCacheClusters: settings.replicas + 1,
        automaticFailoverEnabled: settings.replicas > 0,
        multiAzEnabled: settings.replicas > 0,
        port: REDIS_PORT,
        subnetGroupName: subnets.name,
        parameterGroupName: parameters.name,
        securityGroupIds: [storeSecurityGroup(name, args, REDIS_PORT, this).id],
        atRestEncryptionEnabled: true,
        transitEncryptionEnabled: true,
        transitEncryptionMode: "required",
        authToken: args.password,
        // The old token keeps working until the pods have the new one.
        authTokenUpdateStrategy: "ROTATE",
        // After ElastiCache moved the group on, engineVersion would be a downgrade, for which the provider replaces the group
        // (terraform-provider-aws, internal/service/elasticache/engine_version.go).
        autoMinorVersionUpgrade: false,
        ...(settings.finalSnapshot
          ? { finalSnapshotIdentifier: finalSnapshotName(name, replicationGroupId, this) }
          : {}),
        tags,
      },
      { ...child, protect: args.protect },
    );
    this.endpoint = managedEndpoint(group.primaryEndpointAddress, REDIS_PORT, args);
    this.registerOutputs();
  }
}
