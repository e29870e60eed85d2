import * as pulumi from "@pulumi/pulumi";
import { PROXY_ENVIRONMENT } from "../../domain/names";
import type { StoreEndpoint } from "../stores/shared/storeEndpoint";

/** A value that LiteLLM takes from its environment when it loads the file. */
export type FromEnvironment = `os.environ/${string}`;

/** How a client behaves on the connection. */
export interface RedisOptions {
  /** Seconds. */
  readonly socket_timeout: number;
  /** Seconds. */
  readonly socket_connect_timeout: number;
}

/** How long LiteLLM waits for a Redis that is frozen, at each of the few requests until its circuit breaker opens; its default is five seconds. */
export const REDIS_OPTIONS: RedisOptions = { socket_timeout: 0.3, socket_connect_timeout: 0.5 };

/** Where the parts of LiteLLM that need an address in its file find it: the others read the variable by themselves. */
export const REDIS_URL: FromEnvironment = `os.environ/${PROXY_ENVIRONMENT.redisUrl}`;

/**
 * The connection URL of Redis. As host, port and password LiteLLM 1.106 would make clients that ask a silent Redis eleven times, ten seconds
 * in all, in the threads that send the requests; a client that is made from a URL asks once. Source: litellm/_redis.py, redis-py 8.1 client.py.
 */
export function redisUrl(
  { host, port, tls }: StoreEndpoint,
  password: pulumi.Output<string>,
): pulumi.Output<string> {
  return pulumi.interpolate`${tls ? "rediss" : "redis"}://:${password}@${host}:${port}`;
}
