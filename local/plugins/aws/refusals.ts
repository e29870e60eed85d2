import { LONGEST_NAME, LONGEST_NODE_GROUP_PREFIX } from "../../../domain/awsNames";
import type { Properties } from "../properties";
import type { Refusal } from "./refusal";
import { launchTemplateRefusals, nodeGroupRefusals } from "./nodeGroupRefusals";

/** Longest names, without what the provider adds to them. */
const LONGEST: Readonly<Record<string, { readonly property: string; readonly length: number }>> = {
  "aws:eks/cluster:Cluster": { property: "name", length: LONGEST_NAME.cluster },
  "aws:eks/nodeGroup:NodeGroup": {
    property: "nodeGroupNamePrefix",
    length: LONGEST_NODE_GROUP_PREFIX,
  },
  "aws:rds/instance:Instance": { property: "identifier", length: LONGEST_NAME.database },
  "aws:elasticache/replicationGroup:ReplicationGroup": {
    property: "replicationGroupId",
    length: LONGEST_NAME.cache,
  },
};

/** What AWS would refuse of arguments that are all there. */
export function refusals(type: string, inputs: Properties): Refusal[] {
  return [
    ...tooLong(type, inputs),
    ...(type === "aws:eks/nodeGroup:NodeGroup" ? nodeGroupRefusals(inputs) : []),
    ...(type === "aws:ec2/launchTemplate:LaunchTemplate" ? launchTemplateRefusals(inputs) : []),
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
