import type * as pulumi from "@pulumi/pulumi";
import { REDIS, REDIS_PORT } from "../../../domain/names";
import { EVICTION_POLICY, maxMemoryOf } from "../../../domain/redisMemory";
import { secretChecksum } from "../../kubernetes/checksum";
import { passwordFrom, Store, type InClusterStoreArgs } from "../shared/store";

const DATA_PATH = "/data";

/** Valkey beside the gateway, from the official image. */
export function inClusterCache(
  name: string,
  args: InClusterStoreArgs & {
    /** Password, which the process gets as an argument at its start. */
    readonly password: pulumi.Output<string>;
  },
  opts: pulumi.ComponentResourceOptions,
): Store {
  const { memory } = args.settings.resources.limits;
  return new Store(
    name,
    {
      ...args,
      name: REDIS,
      role: "redis",
      port: REDIS_PORT,
      dataPath: DATA_PATH,
      scratchPaths: ["/tmp"],
      command: [
        "valkey-server",
        "--dir",
        DATA_PATH,
        "--requirepass",
        "$(REDIS_PASSWORD)",
        "--maxmemory",
        maxMemoryOf(memory),
        "--maxmemory-policy",
        EVICTION_POLICY,
      ],
      passwordChecksum: secretChecksum({ password: args.password }),
      env: [passwordFrom(REDIS, "REDIS_PASSWORD")],
      readinessCommand: [
        "/bin/sh",
        "-c",
        'valkey-cli -a "$REDIS_PASSWORD" --no-auth-warning ping | grep -q PONG',
      ],
    },
    opts,
  );
}
