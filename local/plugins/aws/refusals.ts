import { isTree, UNKNOWN, type Properties } from "../properties";

/** An argument that AWS would refuse, and why. */
export interface Refusal {
  readonly property: string;
  readonly reason: string;
}

/** Longest names, with what the provider or AWS adds to them. Sources: the API references of the services. */
const LONGEST: Readonly<Record<string, { readonly property: string; readonly length: number }>> = {
  "aws:eks/cluster:Cluster": { property: "name", length: 100 },
  // The provider adds 26 characters; EKS allows 63.
  "aws:eks/nodeGroup:NodeGroup": { property: "nodeGroupNamePrefix", length: 37 },
  "aws:rds/instance:Instance": { property: "identifier", length: 63 },
  "aws:elasticache/replicationGroup:ReplicationGroup": {
    property: "replicationGroupId",
    length: 40,
  },
};

/** What AWS would refuse of arguments that are all there. */
export function refusals(type: string, inputs: Properties): Refusal[] {
  return [
    ...tooLong(type, inputs),
    ...(type === "aws:eks/nodeGroup:NodeGroup"
      ? [...scalingRefusals(inputs), ...releaseRefusals(inputs)]
      : []),
  ];
}

function tooLong(type: string, inputs: Properties): Refusal[] {
  const limit = LONGEST[type];
  const value = limit === undefined ? undefined : inputs[limit.property];
  return limit !== undefined && typeof value === "string" && value.length > limit.length
    ? [
        {
          property: limit.property,
          reason: `"${value}" has ${value.length} characters; AWS allows ${limit.length}`,
        },
      ]
    : [];
}

/** EKS: minSize <= desiredSize <= maxSize. */
function scalingRefusals({ scalingConfig }: Properties): Refusal[] {
  if (!isTree(scalingConfig)) {
    return [];
  }
  const { minSize, desiredSize, maxSize } = scalingConfig;
  if (
    typeof minSize !== "number" ||
    typeof maxSize !== "number" ||
    typeof desiredSize !== "number"
  ) {
    return [];
  }
  return minSize <= desiredSize && desiredSize <= maxSize
    ? []
    : [
        {
          property: "scalingConfig",
          reason: `desired capacity ${desiredSize} must lie between minimum ${minSize} and maximum ${maxSize}`,
        },
      ];
}

/** EKS: the release of a node image is of the group's Kubernetes version. */
function releaseRefusals({ version, releaseVersion }: Properties): Refusal[] {
  return typeof version === "string" &&
    typeof releaseVersion === "string" &&
    releaseVersion !== UNKNOWN &&
    version !== UNKNOWN &&
    !releaseVersion.startsWith(`${version}.`)
    ? [
        {
          property: "releaseVersion",
          reason: `${releaseVersion} is no release of Kubernetes ${version}`,
        },
      ]
    : [];
}
