import type { ConfigProblem } from "./problems";
import { boundsInOrder, requestsWithinLimits } from "./rules/autoscaling";
import { nodeGroupSizesInOrder, sharedStorageHasParameters } from "./rules/cluster";
import {
  fallbacksNameModels,
  gatedModelsHaveToken,
  namespacesDiffer,
  serviceNeedsLoadBalancer,
} from "./rules/gateway";
import { vpcHasRoom, zonesAreDistinct } from "./rules/network";
import {
  modelsFitTheirInstances,
  pinsAreCompatible,
  placementsHaveNodeGroups,
  replicasFitNodeGroups,
} from "./rules/neuron";
import type { Rule } from "./rules/rule";
import { managedStoresAreOnAws, managedStoresFit } from "./rules/stores";
import type { ParsedConfig } from "./schema";

/** Every contradiction between fields that are valid one by one. */
export function crossFieldProblems(config: ParsedConfig): ConfigProblem[] {
  return RULES.flatMap((rule) => rule(config));
}

const RULES: readonly Rule[] = [
  boundsInOrder,
  requestsWithinLimits,
  placementsHaveNodeGroups,
  replicasFitNodeGroups,
  pinsAreCompatible,
  modelsFitTheirInstances,
  fallbacksNameModels,
  sharedStorageHasParameters,
  vpcHasRoom,
  zonesAreDistinct,
  nodeGroupSizesInOrder,
  gatedModelsHaveToken,
  namespacesDiffer,
  serviceNeedsLoadBalancer,
  managedStoresAreOnAws,
  managedStoresFit,
];
