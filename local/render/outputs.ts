import { wordFor } from "./resource";

interface Resource {
  readonly type: string;
  readonly name: string;
}

/** Outputs that the program looks into: an object in place of one word. */
const STRUCTURED: Readonly<Record<string, (resource: Resource) => Record<string, unknown>>> = {
  "eks:index:Cluster": (resource) => ({
    eksCluster: {
      name: wordFor(resource, "eksCluster.name"),
      arn: wordFor(resource, "eksCluster.arn"),
      endpoint: wordFor(resource, "eksCluster.endpoint"),
      certificateAuthority: { data: wordFor(resource, "eksCluster.certificateAuthority.data") },
      kubernetesNetworkConfig: {
        serviceIpv4Cidr: wordFor(resource, "eksCluster.kubernetesNetworkConfig.serviceIpv4Cidr"),
      },
      vpcConfig: {
        clusterSecurityGroupId: wordFor(resource, "eksCluster.vpcConfig.clusterSecurityGroupId"),
      },
    },
  }),
  "aws:acm/certificate:Certificate": (resource) => ({
    domainValidationOptions: [
      {
        resourceRecordName: wordFor(resource, "proof.name"),
        resourceRecordType: wordFor(resource, "proof.type"),
        resourceRecordValue: wordFor(resource, "proof.value"),
      },
    ],
  }),
  "kubernetes:core/v1:Service": (resource) => ({
    status: { loadBalancer: { ingress: [{ hostname: wordFor(resource, "hostname") }] } },
  }),
};

/**
 * What an update would know of a resource beside its inputs: a word for each of `properties`, so that the program computes
 * with it and a reader sees where a value comes from.
 */
export function outputsOf(
  resource: Resource,
  properties: readonly string[],
): Record<string, unknown> {
  return {
    ...Object.fromEntries(properties.map((property) => [property, wordFor(resource, property)])),
    ...STRUCTURED[resource.type]?.(resource),
  };
}
