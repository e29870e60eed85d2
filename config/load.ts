import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { messageOf } from "../domain/failure";
import type { Model } from "../domain/models/model";
import { completeGateway } from "../domain/models/completeGateway";
import { parseConfig } from "./parse";
import type { GatewaySettings } from "../domain/settings/gateway";
import { supportWarning } from "./rules/cluster";
import { contextWarnings, memoryWarning } from "./rules/gateway";
import { ConfigError, type ConfigProblem } from "./rules/problems";
import { requestScaling, type RequestScaling } from "../domain/settings/requestScaling";
import type { ParsedConfig } from "../domain/settings/schema";
import { writtenSettings } from "../domain/written";

/** What the program is built from: the validated configuration with files read and names resolved. */
export interface Settings extends Omit<
  ParsedConfig,
  "autoscaling" | "models" | "modelNamespace" | "huggingFaceToken" | "gateway"
> {
  readonly models: readonly Model[];
  readonly modelNamespace: string;
  readonly huggingFaceToken: pulumi.Output<string> | undefined;
  readonly gateway: GatewaySettings;
  readonly autoscaling: RequestScaling;
}

/**
 * Reads the whole configuration of the running stack.
 *
 * @param projectFolder folder that file names in the configuration are relative to
 * @throws pulumi.RunError with every problem at once; nothing has been created by then
 */
export function loadSettings(projectFolder: string): Settings {
  const project = pulumi.getProject();
  try {
    const config = parseConfig(project, writtenSettings(project, pulumi.runtime.allConfig()));
    const gateway = completeGateway(config);
    const warnings = [
      supportWarning(config, new Date()),
      ...contextWarnings(config.models, gateway.routing.fallbacks),
      memoryWarning(gateway),
    ];
    for (const warning of warnings.filter((one) => one !== undefined)) {
      void pulumi.log.warn(warning);
    }
    return {
      ...config,
      models: readModels(project, config, projectFolder),
      huggingFaceToken: new pulumi.Config().getSecret("huggingFaceToken"),
      gateway,
      autoscaling: requestScaling(config),
    };
  } catch (error) {
    // A RunError is shown without the stack trace, which would bury the list.
    throw error instanceof ConfigError ? new pulumi.RunError(error.message) : error;
  }
}

function readModels(project: string, config: ParsedConfig, projectFolder: string): Model[] {
  const problems: ConfigProblem[] = [];
  const models = Object.entries(config.models).map(([name, { chatTemplateFile, ...model }]) => {
    if (chatTemplateFile === undefined) {
      return { name, ...model };
    }
    try {
      return {
        name,
        ...model,
        chatTemplate: readFileSync(join(projectFolder, chatTemplateFile), "utf8"),
      };
    } catch (error) {
      problems.push({
        path: ["models", name, "chatTemplateFile"],
        value: chatTemplateFile,
        message: `cannot be read (${messageOf(error)}); write a path relative to ${projectFolder}`,
      });
      return { name, ...model };
    }
  });
  if (problems.length > 0) {
    throw new ConfigError(project, problems);
  }
  return models;
}
