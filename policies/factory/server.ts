import { AnalyzerService } from "@pulumi/pulumi/proto/analyzer_grpc_pb";
import { configurationProblems } from "./configuration";
import type { Rule } from "./rule";

/**
 * Refuses a configuration with mistakes as the engine hands it over. The SDK shows each policy its own parameters alone, and
 * keeps what is meant for a policy that does not exist; so the check stands where the message is read. To be called before
 * the pack is made.
 */
export function checkConfigurations(rules: readonly Rule[]): void {
  const { configure } = AnalyzerService;
  const read = configure.requestDeserialize;
  configure.requestDeserialize = (bytes) => {
    const request = read(bytes);
    const configuration = new Map<string, Record<string, unknown>>();
    request.getPolicyconfigMap().forEach((policy, name) => {
      configuration.set(name, { ...policy.getProperties()?.toJavaScript() });
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
