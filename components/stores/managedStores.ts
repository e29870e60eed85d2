import type * as pulumi from "@pulumi/pulumi";
import type { DatabaseSettings, RedisSettings } from "../../domain/settings/stores";
import type { StoreEndpoints } from "./shared/storeEndpoint";
import { ManagedCache } from "./redis/managedCache";
import { ManagedDatabase } from "./postgresql/managedDatabase";
import type { ManagedStoreArgs } from "./shared/managedStore";

/** Where the gateway's stores stand, and the passwords of those that are managed. */
export interface StoreChoices {
  readonly database: DatabaseSettings;
  readonly redis: RedisSettings;
  readonly passwords: {
    readonly databasePassword: pulumi.Output<string>;
    readonly redisPassword: pulumi.Output<string>;
  };
}

/** Makes the stores that are managed, and tells where they answer. */
export function managedStores(
  name: string,
  { database, redis, passwords }: StoreChoices,
  args: Omit<ManagedStoreArgs, "password">,
  opts: pulumi.ComponentResourceOptions,
): Partial<StoreEndpoints> {
  return {
    ...(database.kind === "managed"
      ? {
          database: new ManagedDatabase(
            `${name}-database`,
            { ...args, password: passwords.databasePassword, settings: database },
            opts,
          ).endpoint,
        }
      : {}),
    ...(redis.kind === "managed"
      ? {
          redis: new ManagedCache(
            `${name}-cache`,
            { ...args, password: passwords.redisPassword, settings: redis },
            opts,
          ).endpoint,
        }
      : {}),
  };
}
