import { databaseName } from "../../../domain/awsNames";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { databaseLogGroup } from "../../../domain/logGroups";
import { POSTGRESQL_PORT, DATABASE } from "../../../domain/names";
import type { ManagedDatabaseSettings } from "../../../domain/settings/stores";
import type { StoreEndpoint } from "../shared/storeEndpoint";
import {
  finalSnapshotName,
  managedEndpoint,
  storeSecurityGroup,
  type ManagedStoreArgs,
} from "../shared/managedStore";

/** PostgreSQL on Amazon RDS: encrypted, private, TLS only, backed up every day. */
export class ManagedDatabase extends pulumi.ComponentResource {
  public readonly endpoint: StoreEndpoint;

  public constructor(
    name: string,
    args: ManagedStoreArgs & { readonly settings: ManagedDatabaseSettings },
    opts: pulumi.ComponentResourceOptions,
  ) {
    super("llm-gateway:cluster:ManagedDatabase", name, {}, opts);
    const { settings } = args;
    const child = { parent: this };
    const identifier = databaseName(args.clusterName);
    const tags = { ...args.tags, Name: identifier };
    const subnets = new aws.rds.SubnetGroup(name, { subnetIds: [...args.subnetIds], tags }, child);
    const parameters = new aws.rds.ParameterGroup(
      name,
      {
        family: `postgres${settings.engineVersion.split(".")[0] ?? ""}`,
        description: "TLS only",
        parameters: [{ name: "rds.force_ssl", value: "1" }],
        tags,
      },
      child,
    );
    const logs =
      args.logs === undefined
        ? []
        : [
            new aws.cloudwatch.LogGroup(
              `${name}-logs`,
              {
                name: databaseLogGroup(identifier),
                retentionInDays: args.logs.retentionDays,
                kmsKeyId: args.logs.keyArn,
                tags,
              },
              child,
            ),
          ];
    const instance = new aws.rds.Instance(
      name,
      {
        identifier,
        engine: "postgres",
        engineVersion: settings.engineVersion,
        // Once RDS moved a minor version on that is written, the next update would ask for a downgrade, which RDS refuses.
        autoMinorVersionUpgrade: !settings.engineVersion.includes("."),
        instanceClass: settings.instanceClass,
        allocatedStorage: settings.storageGiB,
        // RDS takes a bound above the size alone; without one the storage stays as it is.
        ...(settings.maxStorageGiB > settings.storageGiB
          ? { maxAllocatedStorage: settings.maxStorageGiB }
          : {}),
        storageType: "gp3",
        storageEncrypted: true,
        dbName: DATABASE,
        username: DATABASE,
        password: args.password,
        port: POSTGRESQL_PORT,
        dbSubnetGroupName: subnets.name,
        parameterGroupName: parameters.name,
        vpcSecurityGroupIds: [storeSecurityGroup(name, args, POSTGRESQL_PORT, this).id],
        publiclyAccessible: false,
        multiAz: settings.multiAz,
        backupRetentionPeriod: settings.backupRetentionDays,
        copyTagsToSnapshot: true,
        deletionProtection: args.protect,
        deleteAutomatedBackups: !settings.keepAutomatedBackups,
        skipFinalSnapshot: !settings.finalSnapshot,
        ...(settings.finalSnapshot
          ? { finalSnapshotIdentifier: finalSnapshotName(name, identifier, this) }
          : {}),
        enabledCloudwatchLogsExports: ["postgresql"],
        tags,
      },
      // RDS makes the log group itself, without an end, when it has something to write and there is none.
      { ...child, protect: args.protect, dependsOn: logs },
    );
    this.endpoint = {
      ...managedEndpoint(instance.address, POSTGRESQL_PORT, args),
      certificateAuthority: settings.certificateAuthority,
    };
    this.registerOutputs();
  }
}
