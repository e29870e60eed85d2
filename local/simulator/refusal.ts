import { STATUS_CODES } from "node:http";
import type { z } from "zod";

/** An answer other than 200, in the form of vLLM's `ErrorResponse`. */
export class Refusal extends Error {
  /**
   * @param type vLLM's name of the kind of error; by default the phrase of the status, as for what vLLM raises
   * @param param the field of the request that is refused, when one is
   */
  public constructor(
    public readonly status: number,
    message: string,
    public readonly type = STATUS_CODES[status] ?? "",
    public readonly param: string | null = null,
  ) {
    super(message);
  }

  public get body(): object {
    const { message, type, param, status: code } = this;
    return { error: { message, type, param, code } };
  }
}

/** A refusal by a handler of vLLM, which calls it so. */
export function badRequest(message: string, param: string | null = null): Refusal {
  return new Refusal(400, message, "BadRequestError", param);
}

/** A request's fields with their defaults. @throws Refusal that names every one that is wrong or not played */
export function parseFields<T>(schema: z.ZodType<T>, value: unknown): T {
  const { success, data, error } = schema.safeParse(value);
  if (success) {
    return data;
  }
  const named = error.issues.map(({ path, message }) => ({ field: path.join("."), message }));
  const text = named.map(({ field, message }) => `${field || "the body"}: ${message}`).join("; ");
  // A value of the wrong kind never reaches a handler of vLLM; one out of range, its handler refuses.
  throw error.issues.some(({ code }) => code.startsWith("invalid_"))
    ? new Refusal(400, text, undefined, named[0]?.field)
    : badRequest(text, named[0]?.field);
}
