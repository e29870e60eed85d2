import * as pulumi from "@pulumi/pulumi";
import { ConfigError } from "../config/rules/problems";
import { parseSettings, type BootstrapSettings } from "./settings";

/**
 * Reads the configuration of the running bootstrap stack.
 *
 * @throws pulumi.RunError with every problem at once; nothing has been created by then
 */
export function loadSettings(): BootstrapSettings {
  const project = pulumi.getProject();
  const prefix = `${project}:`;
  const written = Object.fromEntries(
    Object.entries(pulumi.runtime.allConfig())
      .filter(([key]) => key.startsWith(prefix))
      .map(([key, value]) => [key.slice(prefix.length), structured(value)]),
  );
  try {
    return parseSettings(project, written);
  } catch (error) {
    // A RunError is shown without the stack trace, which would bury the list.
    throw error instanceof ConfigError ? new pulumi.RunError(error.message) : error;
  }
}

/** The engine hands over every value as text, objects and lists as JSON. */
function structured(value: string): unknown {
  if (!/^\s*[[{]/.test(value)) {
    return value;
  }
  const parsed: unknown = JSON.parse(value);
  return parsed;
}
