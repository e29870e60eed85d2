import type { Properties } from "../properties";

/** Arguments of eks.Cluster that the program sets; what the stand-in does not know it refuses. */
const KNOWN: readonly string[] = [
  "name",
  "version",
  "authenticationMode",
  "skipDefaultNodeGroup",
  "vpcId",
  "privateSubnetIds",
  "publicSubnetIds",
  "nodeAssociatePublicIpAddress",
  "endpointPrivateAccess",
  "endpointPublicAccess",
  "publicAccessCidrs",
  "encryptionConfigKeyArn",
  "enabledClusterLogTypes",
  "upgradePolicy",
  "deletionProtection",
  "vpcCniOptions",
  "kubeProxyAddonOptions",
  "tags",
];

/**
 * The combinations that the original component throws on, as far as the program could produce them.
 *
 * @throws Error naming each argument at fault
 */
export function checkClusterArguments(inputs: Properties): void {
  const problems = Object.keys(inputs)
    .filter((name) => !KNOWN.includes(name))
    .map((name) => `${name} is not supported by the stand-in eks provider`);
  if (inputs.endpointPublicAccess === false && inputs.publicAccessCidrs !== undefined) {
    problems.push("publicAccessCidrs can only be set when endpointPublicAccess is true");
  }
  if (inputs.subnetIds !== undefined && inputs.privateSubnetIds !== undefined) {
    problems.push("subnetIds excludes publicSubnetIds and privateSubnetIds");
  }
  if (problems.length > 0) {
    throw new Error(`the arguments of eks.Cluster contradict each other: ${problems.join("; ")}`);
  }
}
