import { UserError } from "../../domain/failure";
import { completeGateway } from "../../domain/models/completeGateway";
import { replicaHourUsd } from "../../domain/models/tokenPrice";
import { usableAmiReleases } from "../../domain/neuron/compatibility";
import type { NeuronNodeGroup } from "../../domain/settings/neuron";
import type { ModelRequestsSettings } from "../../domain/settings/requests";
import { requestScaling } from "../../domain/settings/requestScaling";
import type { ParsedConfig } from "../../domain/settings/schema";
import type { Behaviour, Bounds } from "./behaviour";
import { UNBOUNDED, type QueueSettings } from "./queue";

/** What a plan reads of a stack's model. */
export interface PlannedModel {
  readonly name: string;
  /** Requests that a replica decodes at a time. */
  readonly slots: number;
  readonly bounds: Bounds;
  /** Behaviour of the autoscaler on CPU. */
  readonly behaviour: Behaviour;
  /** CPU to keep, percent of the requests; undefined where CPU does not count. */
  readonly cpuPercent: number | undefined;
  /** Whether the stack scales on requests. */
  readonly keda: boolean;
  /** How it does, or would. */
  readonly requests: ModelRequestsSettings;
  /** US dollars of a replica's share of its node in an hour. */
  readonly nodeHourUsd: number | undefined;
  /** The group of nodes that serve it. */
  readonly nodeGroup: string | undefined;
  /** All groups of Neuron nodes, by name; without the node image that follows from the versions. */
  readonly nodeGroups: Readonly<Record<string, NeuronNodeGroup>>;
  /** Nodes of the group that are kept ready. */
  readonly headroom: number;
  /** The gateway's queue: what has no room in it is the fallback's, where there is one. */
  readonly queue: QueueSettings;
}

/**
 * What a stack's configuration says of a model.
 *
 * @param wanted name of the model; may be left out where the stack serves one alone
 * @throws UserError naming the models when there is no such
 */
export function plannedModel(config: ParsedConfig, wanted: string | undefined): PlannedModel {
  const names = Object.keys(config.models);
  const name = wanted ?? (names.length === 1 ? names[0] : undefined);
  const model = name === undefined ? undefined : config.models[name];
  if (name === undefined || model === undefined) {
    throw new UserError(
      wanted === undefined
        ? `the stack serves ${names.length} models`
        : `the stack serves no model "${wanted}"`,
      `write --model with one of ${names.join(", ")}`,
    );
  }
  const { autoscaling, shape, serving } = model;
  const { admission, fallbacks } = completeGateway(config).routing;
  const [group] = Object.entries(config.neuron.nodeGroups).filter(
    ([, { instanceType }]) => instanceType === serving.instanceType,
  );
  const { minReplicas, maxReplicas, scaleUp, scaleDown, cpuUtilization, requests } = autoscaling;
  return {
    name,
    slots: shape.maxSequences,
    bounds: { minReplicas, maxReplicas },
    behaviour: { scaleUp, scaleDown },
    cpuPercent: cpuUtilization,
    keda: requestScaling(config).requests === "keda",
    requests,
    nodeHourUsd: replicaHourUsd(model),
    nodeGroup: group?.[0],
    nodeGroups: nodeGroupsOf(config),
    headroom: group?.[1].headroom ?? 0,
    queue: {
      ...(admission.enabled
        ? { perPlace: admission.queuePerPlace, seconds: admission.queueSeconds }
        : UNBOUNDED),
      fallback: (fallbacks[name] ?? []).length > 0,
    },
  };
}

function nodeGroupsOf({ cluster, neuron }: ParsedConfig): PlannedModel["nodeGroups"] {
  const [derived] = usableAmiReleases(cluster.kubernetesVersion, neuron.image);
  return Object.fromEntries(
    Object.entries(neuron.nodeGroups).map(([name, { amiRelease, ...group }]) => [
      name,
      amiRelease === derived ? group : { ...group, amiRelease },
    ]),
  );
}
