import * as pulumi from "@pulumi/pulumi";

/** Arguments of eks.Cluster that the program sets; what the stand-in does not know it refuses. */
const KNOWN: readonly string[] = [
  "name",
  "version",
  "authenticationMode",
  "accessEntries",
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
 * @throws pulumi.InputPropertiesError naming each argument at fault
 */
export async function checkClusterArguments(inputs: pulumi.Inputs): Promise<void> {
  const problems: pulumi.InputPropertyErrorDetails[] = Object.keys(inputs)
    .filter((name) => !KNOWN.includes(name))
    .map((propertyPath) => ({
      propertyPath,
      reason: "is not supported by the stand-in eks provider",
    }));
  const publicAccess = await known(inputs.endpointPublicAccess as pulumi.Input<unknown>);
  if (publicAccess === false && inputs.publicAccessCidrs !== undefined) {
    problems.push({
      propertyPath: "publicAccessCidrs",
      reason: "can only be set when endpointPublicAccess is true",
    });
  }
  if (inputs.subnetIds !== undefined && inputs.privateSubnetIds !== undefined) {
    problems.push({
      propertyPath: "subnetIds",
      reason: "excludes publicSubnetIds and privateSubnetIds",
    });
  }
  if (problems.length > 0) {
    throw new pulumi.InputPropertiesError({
      message: "the arguments of eks.Cluster contradict each other",
      errors: problems,
    });
  }
}

function known(value: pulumi.Input<unknown>): Promise<unknown> {
  return new Promise((resolve) => {
    pulumi.all([value]).apply(([plain]) => {
      resolve(plain);
    });
  });
}
