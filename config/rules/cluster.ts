import type { ConfigProblem } from "./problems";
import type { Rule } from "./rule";

export const nodeGroupSizesInOrder: Rule = (config) => [
  ...Object.entries(config.neuron.nodeGroups).flatMap(([name, group]) =>
    sizesInOrder(["neuron", "nodeGroups", name], group),
  ),
  ...(config.cluster.kind === "eks"
    ? sizesInOrder(["cluster", "systemNodes"], config.cluster.systemNodes)
    : []),
];

export const sharedStorageHasParameters: Rule = (config) => {
  const { shared } = config.storage;
  return config.cluster.kind === "existing" &&
    shared.create &&
    shared.provisioner === "efs.csi.aws.com" &&
    shared.parameters.fileSystemId === undefined
    ? [
        {
          path: ["storage", "shared", "parameters", "fileSystemId"],
          message:
            "is missing; write the id of the EFS file system, or create: false with the name of a class that the cluster has",
        },
      ]
    : [];
};

function sizesInOrder(
  path: readonly string[],
  group: { readonly minSize: number; readonly maxSize: number },
): ConfigProblem[] {
  return group.minSize > group.maxSize
    ? [
        {
          path: [...path, "minSize"],
          value: group.minSize,
          message: `is more than maxSize ${group.maxSize}; write a value up to ${group.maxSize}`,
        },
      ]
    : [];
}
