/** Routing strategies of LiteLLM's router that make sense for equal replicas of one model. */
export const ROUTING_STRATEGIES = [
  "least-busy",
  "simple-shuffle",
  "latency-based-routing",
] as const;

export type RoutingStrategy = (typeof ROUTING_STRATEGIES)[number];

/**
 * What nobody notices while admission leaves LiteLLM one replica to choose from, and costs least; else what is best near the limit. LiteLLM's
 * least-busy counts in Redis: one call that blocks a thread for each request, and two that do not. Measured: docs/routing.md.
 */
export function defaultStrategy(admission: { readonly enabled: boolean }): RoutingStrategy {
  return admission.enabled ? "simple-shuffle" : "least-busy";
}

/** The one number of failures that LiteLLM cannot be told. */
export const UNUSABLE_FAILURES = 4;
