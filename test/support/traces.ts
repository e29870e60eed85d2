import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseAzureTrace } from "../../operations/load/azureTrace";
import type { Arrival } from "../../operations/load/profile";

/**
 * Folder of the public traces, which are no part of this repository: `data/AzureLLMInferenceTrace_conv.csv` and `..._code.csv` of
 * Azure/AzurePublicDataset (CC-BY 4.0).
 */
const FOLDER = process.env.LLM_GATEWAY_TRACES ?? "";

/** What to do where they are not there. */
export const TRACES_WANTED =
  "set LLM_GATEWAY_TRACES to a folder with AzureLLMInferenceTrace_conv.csv and AzureLLMInferenceTrace_code.csv of github.com/Azure/AzurePublicDataset";

const path = (name: "conv" | "code") => join(FOLDER, `AzureLLMInferenceTrace_${name}.csv`);

/** Whether both traces are there. */
export function hasTraces(): boolean {
  return FOLDER !== "" && existsSync(path("conv")) && existsSync(path("code"));
}

/** One of the public traces. */
export function publicTrace(name: "conv" | "code"): Arrival[] {
  return parseAzureTrace(readFileSync(path(name), "utf8"), path(name));
}
