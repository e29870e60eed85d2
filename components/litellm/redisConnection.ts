import type { Input } from "@pulumi/pulumi";
import { PROXY_ENVIRONMENT } from "../../domain/names";
import type { StoreEndpoint } from "../stores/shared/storeEndpoint";

/** A value that LiteLLM takes from its environment when it loads the file. */
export type FromEnvironment = `os.environ/${string}`;

/** Where Redis answers, in the words of `cache_params`. */
interface RedisAddress {
  readonly host: FromEnvironment;
  readonly port: FromEnvironment;
  readonly password: FromEnvironment;
}

/** How a client behaves on the connection. */
export interface RedisOptions {
  /** Seconds. */
  readonly socket_timeout: number;
  /** Seconds. */
  readonly socket_connect_timeout: number;
  /** Speak TLS. @default plain text */
  readonly ssl?: true;
}

/** What LiteLLM's configuration says of Redis: the router's section and the cache's use different words for it. */
export interface RedisConnection {
  /** Of `router_settings`: shared cool-downs and counts. */
  readonly router: {
    readonly redis_host: FromEnvironment;
    readonly redis_port: FromEnvironment;
    readonly redis_password: FromEnvironment;
  };
  /** Of `litellm_settings.cache_params`, the response cache, and of `general_settings.coordination_redis`. */
  readonly cache: RedisAddress;
  /** Of all: `cache_kwargs` of the router, and among the parameters of the others. */
  readonly options: RedisOptions;
}

/** As much of an endpoint as the configuration file depends on: the address comes by the environment. */
export type RedisKind = Pick<StoreEndpoint, "kind" | "tls">;

/** Half a second an attempt where Redis is frozen, of which redis-py makes eleven; LiteLLM's default is five seconds. */
const TIMEOUTS = { socket_timeout: 0.5, socket_connect_timeout: 0.5 };

/** How the configuration file leads LiteLLM to Redis. */
export function redisConnection({ tls }: RedisKind): RedisConnection {
  const host: FromEnvironment = `os.environ/${PROXY_ENVIRONMENT.redisHost}`;
  const port: FromEnvironment = `os.environ/${PROXY_ENVIRONMENT.redisPort}`;
  const password: FromEnvironment = `os.environ/${PROXY_ENVIRONMENT.redisPassword}`;
  return {
    router: { redis_host: host, redis_port: port, redis_password: password },
    cache: { host, port, password },
    options: { ...TIMEOUTS, ...(tls ? { ssl: true as const } : {}) },
  };
}

/** The environment variables of the proxy that {@link redisConnection} refers to, but for the password. */
export function redisEnvironment({
  host,
  port,
}: StoreEndpoint): Readonly<Record<string, Input<string>>> {
  return {
    [PROXY_ENVIRONMENT.redisHost]: host,
    [PROXY_ENVIRONMENT.redisPort]: String(port),
  };
}
