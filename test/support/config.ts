import { completeGateway } from "../../domain/models/completeGateway";
import { parseConfig } from "../../config/parse";
import { ConfigError } from "../../config/rules/problems";
import type { GatewaySettings } from "../../domain/settings/gateway";
import type { ParsedConfig } from "../../domain/settings/schema";

/** The least that a stack must say: everything else has a default. */
export const MINIMAL = {
  cluster: { kind: "existing", context: "test" },
  storage: { shared: { parameters: { fileSystemId: "fs-1" } } },
  huggingFaceToken: "hf_test",
} as const;

/** Parses the minimal configuration with `changes` laid over its top-level keys. */
export function parsed(changes: Readonly<Record<string, unknown>> = {}): ParsedConfig {
  return parseConfig("llm-gateway", { ...MINIMAL, ...changes });
}

/** The gateway of the minimal configuration with `changes`, complete. */
export function parsedGateway(changes: Readonly<Record<string, unknown>> = {}): GatewaySettings {
  return completeGateway(parsed(changes));
}

/** The problems that the minimal configuration with `changes` has, as the lines of the message. */
export function problemLines(changes: Readonly<Record<string, unknown>>): string[] {
  try {
    parsed(changes);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) {
      return error.message
        .split("\n")
        .slice(1)
        .map((line) => line.replace("  - ", ""));
    }
    throw error;
  }
}
