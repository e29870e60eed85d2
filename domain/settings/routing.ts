import { z } from "zod";
import { ROUTING_STRATEGIES, UNUSABLE_FAILURES, type RoutingStrategy } from "../routing";
import { distinct, optional, type Settings } from "./fields";

export const routingSchema = z
  .strictObject({
    strategy: optional(
      z.enum(ROUTING_STRATEGIES),
      "How the gateway picks a replica, as LiteLLM names it, where admission is off or Redis away: with a place the emptiest replica is taken, whatever stands here",
      "simple-shuffle with admission, least-busy without",
    ),
    healthCheckIntervalSeconds: z
      .number()
      .int()
      .min(5)
      .max(3600)
      .default(30)
      .describe(
        "Seconds between two health checks of a replica, and so how soon a new one gets requests; below 60 s / failuresBeforeCooldown only once its cool-down ends, for failed checks count",
      ),
    failuresBeforeCooldown: z
      .number()
      .int()
      .min(1)
      .max(1000)
      .refine(
        (value) => value !== UNUSABLE_FAILURES,
        `cannot be ${UNUSABLE_FAILURES}: LiteLLM takes its own default for "not set"; write 3 or 5`,
      )
      .default(3)
      .describe("Failures of one replica within a minute that start its cool-down"),
    cooldownSeconds: z
      .number()
      .int()
      .min(1)
      .max(3600)
      .default(60)
      .describe("Cool-down: seconds without requests for a replica that failed"),
    retries: z
      .number()
      .int()
      .min(0)
      .max(10)
      .default(2)
      .describe("Further attempts after the first, on another replica where there is one"),
    requestTimeoutSeconds: z
      .number()
      .int()
      .min(1)
      .max(3600)
      .default(120)
      .describe(
        "Longest wait for one attempt, seconds: for the whole answer, or for the next part of a stream. Attempts, retries and fallbacks, add up; with gateway.service.tls the client of a request that is silent for 350 s in all is cut off",
      ),
    longestAnswerSeconds: optional(
      z.number().int().min(1).max(7200),
      "Longest answer, streams included, seconds: a pod that was told to end finishes it",
      "requestTimeoutSeconds, and 0.04 s for each token of the context; of the gateway, of the longest",
    ),
    admission: z
      .strictObject({
        enabled: z
          .boolean()
          .default(true)
          .describe(
            "Let a request wait in the gateway until a replica has a free place in its batch, and refuse it with 429 where the queue is full; otherwise replicas queue for themselves",
          ),
        queuePerPlace: z
          .number()
          .positive()
          .max(100)
          .default(1)
          .describe(
            "Longest queue of a model, requests for each place of its healthy replicas: with 1 the last one waits about as long as an answer takes",
          ),
        queueSeconds: z
          .number()
          .int()
          .min(1)
          .max(3600)
          .default(60)
          .describe("Longest wait in the queue, seconds, over all attempts of a request"),
      })
      .prefault({}),
    fallbacks: optional(
      z.record(z.string(), z.array(z.string()).min(1).superRefine(distinct())),
      "Models to try, in order, when every replica of the model at the key has failed",
      "what the catalogue gives each model, among the served ones",
    ),
  })
  .prefault({});

/** How the gateway spreads, retries and fails over, with what holds where nothing is configured filled in. */
export type RoutingSettings = Omit<Settings<typeof routingSchema>, "fallbacks" | "strategy"> & {
  readonly strategy: RoutingStrategy;
  readonly fallbacks: Readonly<Record<string, readonly string[]>>;
};

export const cacheSchema = z
  .strictObject({
    enabled: z
      .boolean()
      .default(true)
      .describe("Answer a repeated request from Redis instead of asking the model again"),
    ttlSeconds: z.number().int().min(1).default(3600).describe("Seconds that an answer is kept"),
    scope: z
      .enum(["key", "team", "all"])
      .default("key")
      .describe(
        "Who gets an answer that somebody's request has left: key, the same key alone; team, keys of one team, a key without a team alone; all, everybody",
      ),
  })
  .prefault({});

/** The response cache. */
export type CacheSettings = Settings<typeof cacheSchema>;
