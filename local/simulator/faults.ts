import { z } from "zod";

/**
 * What a simulated server does wrong: answers `factor` times slower, answers 500, never answers (and looks healthy), closes the connection
 * after the first token, or reports itself unhealthy.
 */
export const faultSchema = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("none") }),
  z.strictObject({ kind: z.literal("slow"), factor: z.number().min(1).max(1000) }),
  z.strictObject({ kind: z.literal("error") }),
  z.strictObject({ kind: z.literal("hang") }),
  z.strictObject({ kind: z.literal("drop") }),
  z.strictObject({ kind: z.literal("unready") }),
]);

export type Fault = z.infer<typeof faultSchema>;

/** Where the fault of a running server is read and set; not part of vLLM's API. */
export const FAULT_PATH = "/simulator/fault";
