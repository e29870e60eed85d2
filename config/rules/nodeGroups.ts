import {
  LONGEST_NODE_GROUP_PREFIX,
  nodeGroupPrefix,
  SYSTEM_NODE_GROUP,
} from "../../domain/awsNames";
import type { ConfigProblem } from "./problems";
import type { Rule } from "./rule";

/** What EKS or EC2 would refuse of a group, most of it only after the cluster stands. */
export const nodeGroupsAreWhole: Rule = ({ cluster, neuron }) =>
  Object.entries(neuron.nodeGroups).flatMap(([name, group]): ConfigProblem[] => {
    const path = ["neuron", "nodeGroups", name];
    return [
      ...(group.amiId !== undefined && group.amiRelease !== undefined
        ? [
            {
              path: [...path, "amiRelease"],
              value: group.amiRelease,
              message: `is a release of EKS's image, and amiId ${group.amiId} an image of your own; leave one of them out`,
            },
          ]
        : []),
      ...(group.capacity === "spot" && group.capacityReservationId !== undefined
        ? [
            {
              path: [...path, "capacityReservationId"],
              value: group.capacityReservationId,
              message:
                "cannot be used with spot capacity, for a reservation is of on-demand instances; leave it out, or write capacity: on-demand",
            },
          ]
        : []),
      ...(group.headroom > group.maxSize
        ? [
            {
              path: [...path, "headroom"],
              value: group.headroom,
              message: `is more than maxSize ${group.maxSize}; write a value up to ${group.maxSize}`,
            },
          ]
        : []),
      ...(cluster.kind === "eks" ? nameProblems(path, name) : []),
    ];
  });

function nameProblems(path: readonly string[], name: string): ConfigProblem[] {
  const longest = LONGEST_NODE_GROUP_PREFIX - nodeGroupPrefix("").length;
  return [
    ...(name === SYSTEM_NODE_GROUP
      ? [
          {
            path,
            message: `is the name of the nodes of cluster.systemNodes; write another, such as ${name}-neuron`,
          },
        ]
      : []),
    ...(name.length > longest
      ? [
          {
            path,
            message: `is a name of ${name.length} characters, which EKS has no room for; write up to ${longest}`,
          },
        ]
      : []),
  ];
}
