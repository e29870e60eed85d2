/** Routing strategies of LiteLLM's router that make sense for equal replicas of one model. */
export const ROUTING_STRATEGIES = [
  "least-busy",
  "simple-shuffle",
  "latency-based-routing",
] as const;

/** How the gateway spreads, retries and fails over. */
export interface RoutingSettings {
  readonly strategy: (typeof ROUTING_STRATEGIES)[number];
  /** Seconds between two background health checks of every replica. */
  readonly healthCheckIntervalSeconds: number;
  /** Failures of one replica within a minute that start its cool-down. */
  readonly failuresBeforeCooldown: number;
  /** Seconds without requests for a replica that failed. */
  readonly cooldownSeconds: number;
  /** Further attempts after the first, on another replica where there is one. */
  readonly retries: number;
  /** Longest wait for one attempt: for the whole answer, or for the next part of a stream; seconds. */
  readonly requestTimeoutSeconds: number;
  /** Models to try, in order, when every replica of the model at the key has failed. Names as in the models' config. */
  readonly fallbacks: Readonly<Record<string, readonly string[]>>;
}

/** The response cache. */
export interface CacheSettings {
  readonly enabled: boolean;
  /** Seconds that an answer is kept. */
  readonly ttlSeconds: number;
}

/** The one number of failures that LiteLLM cannot be told. */
export const UNUSABLE_FAILURES = 4;
