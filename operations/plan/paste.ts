import { stringify } from "yaml";
import type { Candidate } from "./search";

/** Where the settings that were found go. */
export interface PasteTarget {
  /** Namespace of the configuration: the project's name. */
  readonly project: string;
  readonly model: string;
  /** Group of the nodes that serve the model. */
  readonly nodeGroup: string;
  readonly maxReplicas: number;
}

/** The settings that were found, as `Pulumi.<stack>.yaml` has them. */
export function stackConfiguration(
  { scaling, minReplicas, headroom }: Omit<Candidate, "outcome">,
  { project, model, nodeGroup, maxReplicas }: PasteTarget,
): string {
  const { target, scaleUp, scaleDown } = scaling;
  return stringify(
    {
      config: {
        [`${project}:models`]: {
          [model]: {
            autoscaling: { minReplicas, maxReplicas, requests: { target, scaleUp, scaleDown } },
          },
        },
        ...(headroom === 0
          ? {}
          : { [`${project}:neuron`]: { nodeGroups: { [nodeGroup]: { headroom } } } }),
      },
    },
    // The same rules may stand twice: anchors would hide what they are.
    { aliasDuplicateObjects: false },
  );
}
