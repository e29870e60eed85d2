import { isDeepStrictEqual } from "node:util";
import { stringify } from "yaml";
import { neuronSchema, type NeuronNodeGroup } from "../../domain/settings/neuron";
import type { ModelRequestsSettings } from "../../domain/settings/requests";
import type { Candidate, Warmth } from "./search";
import type { PlannedModel } from "./stack";

/** Where the settings that were found go. */
export interface PasteTarget {
  /** Namespace of the configuration: the project's name. */
  readonly project: string;
  /** The model as the stack has it: its node groups have room for its replicas. */
  readonly stack: Pick<
    PlannedModel,
    "bounds" | "headroom" | "keda" | "name" | "nodeGroup" | "nodeGroups" | "requests"
  >;
}

/** The settings that were found, as `Pulumi.<stack>.yaml` has them. */
export function stackConfiguration(
  { scaling, warmth }: Omit<Candidate, "outcome">,
  target: PasteTarget,
): string {
  const { project } = target;
  const { minReplicas, maxReplicas } = warmth;
  const { name, keda, requests } = target.stack;
  const { slotUtilization, scaleUp, scaleDown } = scaling;
  const changed = { ...requests, slotUtilization, scaleUp, scaleDown };
  const groups = nodeGroups(warmth, target);
  return stringify(
    {
      config: {
        // Without it the settings below say nothing.
        ...(keda ? {} : { [`${project}:autoscaling`]: { requests: "keda" } }),
        [`${project}:models`]: {
          [name]: {
            autoscaling: { minReplicas, maxReplicas, requests: written(changed, minReplicas) },
          },
        },
        // All of them: a stack that names a group names every one.
        ...(groups === undefined ? {} : { [`${project}:neuron`]: { nodeGroups: groups } }),
      },
    },
    // The same rules may stand twice: anchors would hide what they are.
    { aliasDuplicateObjects: false },
  );
}

/** Settings on requests without what says nothing. */
function written(
  { idleSeconds, pollingSeconds, schedule, ...requests }: ModelRequestsSettings,
  minReplicas: number,
): object {
  return {
    ...defined(requests),
    ...(minReplicas === 0 ? { idleSeconds, pollingSeconds } : {}),
    ...(schedule.length === 0 ? {} : { schedule }),
  };
}

/** The node groups with headroom, and with room for more replicas; undefined where they stay as they are. */
function nodeGroups(
  { headroom, maxReplicas }: Warmth,
  { stack }: PasteTarget,
): Record<string, object> | undefined {
  const more = Math.max(0, maxReplicas - stack.bounds.maxReplicas);
  if (headroom === stack.headroom && more === 0) {
    return undefined;
  }
  return Object.fromEntries(
    Object.entries(stack.nodeGroups).map(([name, group]) => {
      const maxSize = Math.max(group.maxSize + more, headroom);
      return [name, short(name === stack.nodeGroup ? { ...group, maxSize, headroom } : group)];
    }),
  );
}

/** A group without what is the default. */
function short(group: NeuronNodeGroup): object {
  const { instanceType, maxSize } = group;
  const plain = neuronSchema.parse({ nodeGroups: { plain: { instanceType, maxSize } } }).nodeGroups
    .plain;
  const defaults = new Map(Object.entries(plain ?? {}));
  return {
    instanceType,
    maxSize,
    ...Object.fromEntries(
      Object.entries(defined(group)).filter(
        ([key, value]) => !isDeepStrictEqual(value, defaults.get(key)),
      ),
    ),
  };
}

function defined(settings: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined));
}
