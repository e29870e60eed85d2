import { readFile } from "node:fs/promises";
import { z } from "zod";
import { GATEWAY_MODEL_PREFIX } from "../../domain/models/model";
import { calibrationSchema, type Calibration } from "../load/calibration";

/**
 * Reads what `load --calibrate` wrote.
 *
 * @throws Error with file, path, and what to do
 */
export async function readCalibration(file: string): Promise<Calibration> {
  const parsed = calibrationSchema.safeParse(json(await readFile(file, "utf8"), file));
  if (!parsed.success) {
    throw new Error(
      `${file}: ${z.prettifyError(parsed.error)}; write what operations load --calibrate ${file} writes`,
    );
  }
  return parsed.data;
}

/** Name of a model as a stack has it, which the gateway's clients know with a prefix. */
export function nameInStack(model: string): string {
  return model.startsWith(GATEWAY_MODEL_PREFIX) ? model.slice(GATEWAY_MODEL_PREFIX.length) : model;
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
