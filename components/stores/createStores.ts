import * as pulumi from "@pulumi/pulumi";
import { selector } from "../../domain/labels";
import { GATEWAY, MIGRATIONS } from "../../domain/names";
import type {
  DatabaseSettings,
  InClusterStoreSettings,
  ManagedCacheSettings,
  ManagedDatabaseSettings,
  RedisSettings,
} from "../../domain/settings/stores";
import { inClusterDatabase } from "./postgresql/inClusterDatabase";
import { inClusterCache } from "./redis/inClusterCache";
import type { StoreEndpoint, StoreEndpoints } from "./shared/storeEndpoint";

/** A store that runs in the cluster, or one that the cloud runs. */
type StoreChoice<Managed extends { readonly kind: "managed" }> = InClusterStoreSettings | Managed;

export interface StoresArgs {
  /** Namespace of the gateway and of its in-cluster stores. */
  readonly namespace: string;
  /** Where PostgreSQL is to run. */
  readonly database: DatabaseSettings;
  /** Where Redis is to run. */
  readonly redis: RedisSettings;
  /** Storage class of the in-cluster stores' volumes. */
  readonly storageClass: string;
  /** Passwords, and the Secrets that carry them. */
  readonly credentials: StoreCredentials;
  /** Makes managed stores; on a cluster that the stack did not make nobody does. */
  readonly platform: { readonly managedStores?: ManagedStores };
}

/** The stores' passwords: managed stores get them, in-cluster ones read them from Secrets. */
export interface StoreCredentials {
  /** Password of PostgreSQL's user. */
  readonly databasePassword: pulumi.Output<string>;
  /** Password of Redis. */
  readonly redisPassword: pulumi.Output<string>;
  /** Makes the Secrets. */
  readonly storeSecrets: (
    namespace: string,
    opts: pulumi.CustomResourceOptions,
  ) => readonly pulumi.Resource[];
}

/** Makes stores outside the cluster. */
export interface ManagedStores {
  /** Makes PostgreSQL. */
  readonly database: (
    settings: ManagedDatabaseSettings,
    password: pulumi.Output<string>,
  ) => StoreEndpoint;
  /** Makes Redis. */
  readonly redis: (
    settings: ManagedCacheSettings,
    password: pulumi.Output<string>,
  ) => StoreEndpoint;
}

/** The stores of the gateway. */
export interface Stores {
  /** Where the stores answer. */
  readonly endpoints: StoreEndpoints;
  /** What must run before the gateway can: the in-cluster stores. */
  readonly ready: readonly pulumi.Resource[];
}

/**
 * Makes PostgreSQL and Redis where the configuration wants them.
 *
 * @param name what the in-cluster stores' resource names start with
 * @throws Error for a managed store where nobody makes one
 */
export function createStores(
  name: string,
  args: StoresArgs,
  opts: pulumi.CustomResourceOptions,
): Stores {
  const { namespace, storageClass, credentials, platform } = args;
  const inCluster = (settings: InClusterStoreSettings, ...clients: readonly string[]) => ({
    namespace,
    storageClass,
    settings,
    clients: clients.map(selector),
  });
  const secrets = credentials.storeSecrets(namespace, opts);
  const inClusterOpts = pulumi.mergeOptions(opts, {
    dependsOn: [...secrets],
    aliases: [{ parent: formerParent(name) }],
  });
  const database = create(
    args.database,
    (settings) =>
      inClusterDatabase(
        `${name}-postgresql`,
        inCluster(settings, GATEWAY, MIGRATIONS),
        inClusterOpts,
      ),
    (settings) => madeBy(platform).database(settings, credentials.databasePassword),
  );
  const redis = create(
    args.redis,
    (settings) =>
      inClusterCache(
        `${name}-redis`,
        { ...inCluster(settings, GATEWAY), password: credentials.redisPassword },
        inClusterOpts,
      ),
    (settings) => madeBy(platform).redis(settings, credentials.redisPassword),
  );
  return {
    endpoints: { database: database.endpoint, redis: redis.endpoint },
    ready: [...database.ready, ...redis.ready],
  };
}

interface Created {
  readonly endpoint: StoreEndpoint;
  readonly ready: readonly pulumi.Resource[];
}

function create<Managed extends { readonly kind: "managed" }>(
  choice: StoreChoice<Managed>,
  inCluster: (settings: InClusterStoreSettings) => {
    readonly endpoint: StoreEndpoint;
    readonly resource: pulumi.Resource;
  },
  managed: (settings: Managed) => StoreEndpoint,
): Created {
  switch (choice.kind) {
    case "inCluster": {
      const { endpoint, resource } = inCluster(choice);
      return { endpoint, ready: [resource] };
    }
    case "managed":
      return { endpoint: managed(choice), ready: [] };
    default:
      return choice satisfies never;
  }
}

function madeBy({ managedStores }: StoresArgs["platform"]): ManagedStores {
  if (managedStores === undefined) {
    throw new Error("a managed store needs a cluster of kind eks: nobody else makes one");
  }
  return managedStores;
}

/** The gateway, whose children the in-cluster stores were in version 0.1: deployed stacks know them by it. */
function formerParent(gateway: string): string {
  return `urn:pulumi:${pulumi.getStack()}::${pulumi.getProject()}::llm-gateway:litellm:Gateway::${gateway}`;
}
