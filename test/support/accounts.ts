import type { RecordedAccount } from "./awsApi";
import { imageParameters, nodeImages } from "../../operations/preflight/nodeImages";
import type { EksSettings } from "../../operations/preflight/subject";
import type { ParsedConfig } from "../../domain/settings/schema";

/** A public hosted zone of every account here, of example.com. */
export const ZONE = "Z0123456789ABCDEFGHIJ";

/** An account that has all that a stack needs, with a little more than that of each quota. */
export function healthyAccount(config: ParsedConfig, cluster: EksSettings): RecordedAccount {
  const { kubernetesVersion, network } = cluster;
  const everywhere = [...network.zones];
  const parameters = nodeImages(cluster, config.neuron.nodeGroups).flatMap((image) => {
    const names = imageParameters(image);
    return names === undefined
      ? []
      : [
          [names.imageId, "ami-0123456789abcdef0"],
          [names.releaseVersion, image.release],
        ];
  });
  return {
    identity: { account: "123456789012", arn: "arn:aws:sts::123456789012:assumed-role/deploy/me" },
    zones: ["us-west-2a", "us-west-2b", "us-west-2c", "us-west-2d"].map((name, index) => ({
      name,
      id: `usw2-az${index + 1}`,
      state: "available",
    })),
    subnets: [],
    offerings: {
      "m7i.large": everywhere,
      "inf2.xlarge": everywhere,
      "inf2.8xlarge": everywhere,
    },
    vcpus: { "m7i.large": 2, "inf2.xlarge": 4, "inf2.8xlarge": 32, "c7i.xlarge": 4 },
    arm: [],
    instances: [],
    addresses: [],
    clusterVersions: [
      {
        version: kubernetesVersion,
        status: "STANDARD_SUPPORT",
        endOfStandardSupport: "2027-12-02",
      },
    ],
    addons: Object.fromEntries(
      Object.entries(cluster.addonVersions).map(([addon, version]) => [
        addon,
        { [kubernetesVersion]: ["v9.9.9-eksbuild.9", version] },
      ]),
    ),
    clusters: {},
    parameters: Object.fromEntries(parameters) as Record<string, string>,
    logGroups: {},
    hostedZones: { [ZONE]: { name: "example.com", isPrivate: false } },
    quotas: { "L-1945791B": 64, "L-1216C47A": 32, "L-0263D0A3": 5 },
    defaultQuotas: {},
    refused: {},
  };
}
