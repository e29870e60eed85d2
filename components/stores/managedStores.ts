import type * as pulumi from "@pulumi/pulumi";
import type { ManagedStores } from "./createStores";
import { ManagedDatabase } from "./postgresql/managedDatabase";
import { ManagedCache } from "./redis/managedCache";
import type { ManagedStoreArgs } from "./shared/managedStore";

/**
 * Makes managed stores on AWS, in a given network.
 *
 * @param name what the stores' own resource names start with
 */
export function managedStores(
  name: string,
  args: Omit<ManagedStoreArgs, "password">,
  opts: pulumi.ComponentResourceOptions,
): ManagedStores {
  return {
    database: (settings, password) =>
      new ManagedDatabase(`${name}-database`, { ...args, password, settings }, opts).endpoint,
    redis: (settings, password) =>
      new ManagedCache(`${name}-cache`, { ...args, password, settings }, opts).endpoint,
  };
}
