import { z } from "zod";
import { MOST_REQUESTS, type Arrival, type RequestSize } from "./profile";

const line = z.strictObject({
  at: z.number().min(0),
  promptTokens: z.int().min(1).optional(),
  outputTokens: z.int().min(1).optional(),
});

/**
 * Reads a trace: JSON Lines, one request a line, `{"at": 0.25, "promptTokens": 320, "outputTokens": 64}` with the seconds from the
 * start; sizes that are absent are those of the command line. Lines need not be in order.
 *
 * @throws Error with file, line, and what is wrong with it
 */
export function parseTrace(text: string, file: string, size: RequestSize): Arrival[] {
  const lines = text
    .split("\n")
    .map((content, index) => ({ content: content.trim(), number: index + 1 }))
    .filter(({ content }) => content !== "");
  if (lines.length === 0 || lines.length > MOST_REQUESTS) {
    throw new Error(
      `${file}: has ${lines.length} requests; between 1 and ${MOST_REQUESTS} are possible`,
    );
  }
  return lines
    .map(({ content, number }): Arrival => {
      const parsed = line.safeParse(json(content));
      if (!parsed.success) {
        throw new Error(
          `${file}:${number}: ${z.prettifyError(parsed.error)}; write {"at": 0.25, "promptTokens": 320, "outputTokens": 64}`,
        );
      }
      const { at, promptTokens, outputTokens } = parsed.data;
      return {
        atMs: at * 1000,
        promptTokens: promptTokens ?? size.promptTokens,
        outputTokens: outputTokens ?? size.outputTokens,
      };
    })
    .sort((left, right) => left.atMs - right.atMs);
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
