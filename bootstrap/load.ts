import * as pulumi from "@pulumi/pulumi";
import { ConfigError } from "../config/rules/problems";
import { writtenSettings } from "../domain/written";
import { parseSettings, type BootstrapSettings } from "./settings";

/**
 * Reads the configuration of the running bootstrap stack.
 *
 * @throws pulumi.RunError with every problem at once; nothing has been created by then
 */
export function loadSettings(): BootstrapSettings {
  const project = pulumi.getProject();
  const written = writtenSettings(project, pulumi.runtime.allConfig());
  try {
    return parseSettings(project, written);
  } catch (error) {
    // A RunError is shown without the stack trace, which would bury the list.
    throw error instanceof ConfigError ? new pulumi.RunError(error.message) : error;
  }
}
