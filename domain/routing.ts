/** Routing strategies of LiteLLM's router that make sense for equal replicas of one model. */
export const ROUTING_STRATEGIES = [
  "least-busy",
  "simple-shuffle",
  "latency-based-routing",
] as const;

/** The one number of failures that LiteLLM cannot be told. */
export const UNUSABLE_FAILURES = 4;
