import type { AnalyzeRequest, AnalyzerResource } from "@pulumi/pulumi/proto/analyzer_pb";
import { AnalyzerService } from "@pulumi/pulumi/proto/analyzer_grpc_pb";
import { configurationProblems } from "./configuration";
import type { Rule } from "./rule";
import { run } from "./run";

/** Prepares the messages that the SDK's server reads. To be called before the pack is made. */
export function prepareServer(rules: readonly Rule[]): void {
  checkConfigurations(rules);
  noteTheRun();
  readPropertiesOnce();
}

/**
 * Refuses a configuration with mistakes as the engine hands it over. The SDK shows each policy its own parameters alone, and
 * keeps what is meant for a policy that does not exist; so the check stands where the message is read.
 */
function checkConfigurations(rules: readonly Rule[]): void {
  const { configure } = AnalyzerService;
  const read = configure.requestDeserialize;
  configure.requestDeserialize = (bytes) => {
    const request = read(bytes);
    const configuration = new Map<string, Record<string, unknown>>();
    request.getPolicyconfigMap().forEach((policy, name) => {
      // From its map, for an object would lose what is called `__proto__`.
      const values: [string, unknown][] = [];
      policy
        .getProperties()
        ?.getFieldsMap()
        .forEach((value, key) => {
          values.push([key, value.toJavaScript()]);
        });
      configuration.set(name, Object.fromEntries(values));
    });
    const problems = configurationProblems(configuration, rules);
    if (problems.length > 0) {
      // The SDK's handler passes on what it throws while it reads the message; the engine prints it.
      request.getPolicyconfigMap = () => {
        throw new ConfigurationError(problems);
      };
    }
    return request;
  };
}

/** All mistakes of a configuration; without a stack, which the SDK would print. */
class ConfigurationError extends Error {
  public constructor(problems: readonly string[]) {
    super(`the configuration of the policy pack has mistakes:\n  ${problems.join("\n  ")}`);
    this.stack = this.message;
  }
}

/** Notes whether the engine previews or updates, which the SDK does not pass on to policies. */
function noteTheRun(): void {
  const { configureStack } = AnalyzerService;
  const read = configureStack.requestDeserialize;
  configureStack.requestDeserialize = (bytes) => {
    const request = read(bytes);
    run.updating = !request.getDryRun();
    return request;
  };
}

/**
 * Hands the properties of a message to the first policy that asks, and none to the others. The SDK reads and copies them anew for
 * every policy of the pack, which in a stack of thousands of resources costs more than the policies themselves; the rules look
 * at what the first of them recorded in the inventory.
 */
function readPropertiesOnce(): void {
  const { analyze, analyzeStack } = AnalyzerService;
  const [readOne, readAll] = [analyze.requestDeserialize, analyzeStack.requestDeserialize];
  analyze.requestDeserialize = (bytes) => readOnce(readOne(bytes));
  analyzeStack.requestDeserialize = (bytes) => {
    const request = readAll(bytes);
    request.getResourcesList().forEach(readOnce);
    return request;
  };
}

function readOnce<T extends AnalyzeRequest | AnalyzerResource>(message: T): T {
  for (const properties of [message.getProperties(), message.getProvider()?.getProperties()]) {
    if (properties !== undefined) {
      const read = properties.toJavaScript.bind(properties);
      properties.toJavaScript = () => {
        properties.toJavaScript = () => ({});
        return read();
      };
    }
  }
  return message;
}
