import { readFile } from "node:fs/promises";
import { z } from "zod";
import { calibrationSchema } from "../load/calibration";
import type { ModelTimes } from "./model";

/**
 * Reads what `load --calibrate` wrote.
 *
 * @throws Error with file, path, and what to do
 */
export async function readCalibration(file: string): Promise<ModelTimes> {
  const parsed = calibrationSchema.safeParse(json(await readFile(file, "utf8"), file));
  if (!parsed.success) {
    throw new Error(
      `${file}: ${z.prettifyError(parsed.error)}; write what operations load --calibrate ${file} writes`,
    );
  }
  const { firstTokenSeconds, perPromptTokenSeconds, perOutputTokenSeconds } = parsed.data;
  return { firstTokenSeconds, perPromptTokenSeconds, perOutputTokenSeconds };
}

function json(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Error(`${file}: is no JSON; write what operations load --calibrate writes`, {
      cause: error,
    });
  }
}
