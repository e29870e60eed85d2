import { z } from "zod";
import type { Settings } from "./fields";

export const keysSchema = z
  .strictObject({
    cacheSeconds: z
      .number()
      .int()
      .min(5)
      .max(3600)
      .default(300)
      .describe(
        "Seconds that a pod knows a key, a team and a budget without asking the database: how long known keys are served while it is away, and how long a deleted key may still be",
      ),
    spendLogDays: z
      .number()
      .int()
      .min(1)
      .max(3650)
      .default(7)
      .describe(
        "How long the log of single requests is kept in the database, days; sums by key, team and day stay",
      ),
  })
  .prefault({});

/** Keys of the gateway's clients, and what is written of their requests. */
export type KeySettings = Settings<typeof keysSchema>;
