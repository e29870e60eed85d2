import { MOST_PUBLIC_BLOCKS, publicBlockProblems } from "../../domain/internetBlocks";
import { itemProblems, type ConfigProblem } from "./problems";
import type { Rule } from "./rule";

export const endpointIsOpenToSomebody: Rule = ({ cluster }) => {
  if (cluster.kind !== "eks") {
    return [];
  }
  const { publicAccessCidrs: blocks } = cluster;
  const path = ["cluster", "publicAccessCidrs"];
  return [
    ...itemProblems(path, blocks, publicBlockProblems(blocks)),
    ...(blocks.length > MOST_PUBLIC_BLOCKS
      ? [
          {
            path,
            value: blocks,
            message: `has ${blocks.length} blocks; EKS takes ${MOST_PUBLIC_BLOCKS}`,
          },
        ]
      : []),
  ];
};

/** EKS keeps one entry for a principal. */
export const principalsAreDistinct: Rule = ({ cluster }) => {
  if (cluster.kind !== "eks") {
    return [];
  }
  const seen = new Map<string, string>();
  return (["administratorRoleArns", "viewerRoleArns"] as const).flatMap((list) =>
    cluster[list].flatMap((arn, index): ConfigProblem[] => {
      const first = seen.get(arn);
      seen.set(arn, first ?? `cluster.${list}.${index}`);
      return first === undefined
        ? []
        : [
            {
              path: ["cluster", list, index],
              value: arn,
              message: `is ${first}, too; name it once: an administrator may view everything`,
            },
          ];
    }),
  );
};
