import { stringify } from "yaml";
import { poolPerPod, type DatabaseSize } from "../../domain/databaseConnections";
import { replicaId, replicaUrl } from "../../domain/models/addresses";
import { gatewayModelName, type Model } from "../../domain/models/model";
import { tokenPrice, type TokenPrice } from "../../domain/models/tokenPrice";
import { PROXY_ENVIRONMENT } from "../../domain/names";
import type { RequestScaling } from "../../domain/settings/requestScaling";
import { UNUSABLE_FAILURES, type RoutingStrategy } from "../../domain/routing";
import { DATABASE_WRITE_SECONDS, healthCheckTimeoutSeconds } from "../../domain/timing";
import type { KeySettings } from "../../domain/settings/keys";
import type { CacheSettings, RoutingSettings } from "../../domain/settings/routing";
import { callbacks, type Callback } from "./callbacks";
import {
  REDIS_OPTIONS,
  REDIS_URL,
  type FromEnvironment,
  type RedisOptions,
} from "./redisConnection";

interface Deployment {
  readonly model_name: string;
  readonly litellm_params: {
    readonly model: string;
    readonly api_base: string;
    readonly api_key: FromEnvironment;
  };
  readonly model_info: {
    readonly id: string;
    readonly mode: "chat";
    readonly max_input_tokens: number;
    /** US dollars. */
    readonly input_cost_per_token: number;
    /** US dollars. */
    readonly output_cost_per_token: number;
    readonly health_check_max_tokens: 1;
    /** Seconds. */
    readonly health_check_timeout: number;
  };
}

/**
 * LiteLLM's `config.yaml`, as far as this platform sets it. Each key stands in the section that LiteLLM 1.106 reads it
 * from; in another section it would be ignored without a word.
 */
export interface ProxyConfig {
  readonly model_list: readonly Deployment[];
  readonly router_settings: {
    readonly routing_strategy: RoutingStrategy;
    readonly enable_pre_call_checks: true;
    readonly num_retries: number;
    readonly timeout: number;
    readonly allowed_fails: number;
    readonly cooldown_time: number;
    readonly fallbacks: readonly Readonly<Record<string, readonly string[]>>[];
  };
  readonly litellm_settings: {
    readonly drop_params: true;
    readonly disable_hf_tokenizer_download: true;
    readonly json_logs: true;
    readonly callbacks: readonly Callback[];
    readonly cache: boolean;
    readonly cache_params?:
      | (RedisOptions & {
          readonly type: "redis";
          readonly namespace: string;
          readonly ttl: number;
          readonly mode: "default_on";
          readonly max_messages: null;
          readonly supported_call_types: readonly string[];
        })
      | undefined;
  };
  readonly general_settings: {
    readonly master_key: FromEnvironment;
    readonly database_url: FromEnvironment;
    /** Connections of one pod. */
    readonly database_connection_pool_limit: number;
    readonly proxy_batch_write_at: number;
    readonly use_redis_transaction_buffer: true;
    /** A duration, as `7d`. */
    readonly maximum_spend_logs_retention_period: string;
    /** Seconds. */
    readonly user_api_key_cache_ttl: number;
    readonly coordination_redis: RedisOptions & { readonly url: FromEnvironment };
    readonly cancel_on_disconnect: true;
    readonly background_health_checks: true;
    readonly health_check_interval: number;
    readonly health_check_staleness_threshold: number;
    readonly use_shared_health_check: true;
    readonly enable_health_check_routing: true;
    readonly health_check_ignore_transient_errors: true;
    readonly health_check_details: false;
  };
}

export interface ProxyConfigArgs {
  readonly models: readonly Model[];
  /** Namespace of the model servers. */
  readonly modelNamespace: string;
  readonly routing: RoutingSettings;
  readonly cache: CacheSettings;
  readonly keys: KeySettings;
  /** The gateway's PostgreSQL. */
  readonly database: DatabaseSize;
  /** Who reads the requests that workloads scale on. */
  readonly requestScaling: RequestScaling;
  /** How many pods share its connections. */
  readonly autoscaling: { readonly maxReplicas: number };
}

/**
 * The configuration file of the proxy, before it is written as YAML.
 *
 * @throws RangeError for a model without a known price
 */
export function proxyConfig(args: ProxyConfigArgs): ProxyConfig {
  const { routing, cache } = args;
  const env = PROXY_ENVIRONMENT;
  return {
    model_list: args.models.flatMap((model) => deployments(model, args)),
    router_settings: {
      routing_strategy: routing.strategy,
      enable_pre_call_checks: true,
      num_retries: routing.retries,
      timeout: routing.requestTimeoutSeconds,
      allowed_fails: allowedFails(routing.failuresBeforeCooldown),
      cooldown_time: routing.cooldownSeconds,
      fallbacks: Object.entries(routing.fallbacks).map(([from, to]) => ({
        [gatewayModelName(from)]: to.map(gatewayModelName),
      })),
    },
    litellm_settings: {
      drop_params: true,
      // A model name with "llama-3" in it makes LiteLLM fetch a tokenizer from the internet, on the event loop.
      disable_hf_tokenizer_download: true,
      json_logs: true,
      callbacks: callbacks(args),
      cache: cache.enabled,
      ...(cache.enabled
        ? {
            cache_params: {
              type: "redis" as const,
              namespace: "litellm.cache",
              ttl: cache.ttlSeconds,
              mode: "default_on" as const,
              // The default of 4 keeps every longer conversation out of the cache.
              max_messages: null,
              supported_call_types: [
                "completion",
                "acompletion",
                "text_completion",
                "atext_completion",
              ],
              // Not its address: what stands here is shown to whoever may ask /cache/ping. LiteLLM finds that in its environment.
              ...REDIS_OPTIONS,
            },
          }
        : {}),
    },
    general_settings: {
      master_key: `os.environ/${env.masterKey}`,
      database_url: `os.environ/${env.databaseUrl}`,
      database_connection_pool_limit: poolPerPod(args.database, args.autoscaling.maxReplicas),
      proxy_batch_write_at: DATABASE_WRITE_SECONDS,
      // What was spent waits in Redis for the database, and one pod writes it for all: an outage of the database loses none of it.
      use_redis_transaction_buffer: true,
      maximum_spend_logs_retention_period: `${args.keys.spendLogDays}d`,
      user_api_key_cache_ttl: args.keys.cacheSeconds,
      // With the response cache off LiteLLM would find the variable by itself, with five seconds of patience, and only where Redis answers at
      // its start. The router's cool-downs and counts, which have no Redis of their own, come here as well.
      coordination_redis: { url: REDIS_URL, ...REDIS_OPTIONS },
      // A client that leaves frees its place in the model's batch at once, instead of when the answer is complete.
      cancel_on_disconnect: true,
      background_health_checks: true,
      health_check_interval: routing.healthCheckIntervalSeconds,
      health_check_staleness_threshold: routing.healthCheckIntervalSeconds * 4,
      use_shared_health_check: true,
      enable_health_check_routing: true,
      health_check_ignore_transient_errors: true,
      health_check_details: false,
    },
  };
}

/** The proxy configuration as the YAML that LiteLLM loads. */
export function renderProxyConfig(args: ProxyConfigArgs): string {
  return proxyYaml(proxyConfig(args));
}

/**
 * YAML for LiteLLM, whose parser follows YAML 1.1: a small number as JavaScript writes it, `5e-7`, has no point, and would be a text there.
 * Source: PyYAML, resolver.py.
 */
export function proxyYaml(config: unknown): string {
  return stringify(config, { lineWidth: 0, aliasDuplicateObjects: false }).replaceAll(
    /: (-?\d+)(e[-+]\d+)$/gm,
    ": $1.0$2",
  );
}

/**
 * The value of `allowed_fails` that starts a cool-down at the given failure: LiteLLM cools down when failures exceed it.
 * Its own default, 3, must never be written: LiteLLM 1.106 takes it for "not set" and applies other rules.
 *
 * @throws RangeError for 4 failures, which only the default could express
 */
export function allowedFails(failuresBeforeCooldown: number): number {
  if (failuresBeforeCooldown === UNUSABLE_FAILURES) {
    throw new RangeError(
      `failuresBeforeCooldown ${UNUSABLE_FAILURES} cannot be expressed in LiteLLM; write 3 or 5`,
    );
  }
  return failuresBeforeCooldown - 1;
}

/** One entry per replica that may ever exist: health checks keep those without a pod out of the routing. */
function deployments(model: Model, args: ProxyConfigArgs): Deployment[] {
  const { inputUsd, outputUsd } = priceOf(model);
  return Array.from({ length: model.autoscaling.maxReplicas }, (_, ordinal) => ({
    model_name: gatewayModelName(model.name),
    litellm_params: {
      model: `hosted_vllm/${model.name}`,
      api_base: replicaUrl(model.name, args.modelNamespace, ordinal),
      api_key: `os.environ/${PROXY_ENVIRONMENT.modelApiKey}`,
    },
    model_info: {
      id: replicaId(model.name, ordinal),
      mode: "chat",
      max_input_tokens: model.shape.maxModelLength,
      input_cost_per_token: inputUsd,
      output_cost_per_token: outputUsd,
      health_check_max_tokens: 1,
      health_check_timeout: healthCheckTimeoutSeconds(args.routing.healthCheckIntervalSeconds),
    },
  }));
}

/** @throws RangeError where none is known; a rule has refused the configuration before */
function priceOf(model: Model): TokenPrice {
  const price = tokenPrice(model);
  if (price === undefined) {
    throw new RangeError(`${model.name} has no price; write price.instanceHourUsd`);
  }
  return price;
}
