import type { ConfigProblem } from "./problems";
import { endpointIsOpenToSomebody, principalsAreDistinct } from "./access";
import { boundsInOrder, requestsWithinLimits } from "./autoscaling";
import {
  nodeGroupSizesInOrder,
  sharedStorageHasParameters,
  systemImageIsOfTheVersion,
  versionIsSupported,
} from "./cluster";
import { fallbacksNameModels, gatedModelsHaveToken, namespacesDiffer } from "./gateway";
import {
  answersOutliveTheirWait,
  requestsOutliveSilence,
  serviceNeedsLoadBalancer,
  tlsHasOneCertificate,
} from "./loadBalancer";
import { vpcHasRoom, zonesAreDistinct } from "./network";
import {
  modelsFitTheirInstances,
  pinsAreCompatible,
  placementsHaveNodeGroups,
  replicasFitNodeGroups,
} from "./neuron";
import { chartValuesKeepThePlatform, overridesKeepThePlatform } from "./overrides";
import type { Rule } from "./rule";
import { managedStoresAreOnAws, managedStoresFit, redisHasRoom } from "./stores";
import type { ParsedConfig } from "../../domain/settings/schema";

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
  systemImageIsOfTheVersion,
  versionIsSupported,
  vpcHasRoom,
  zonesAreDistinct,
  endpointIsOpenToSomebody,
  principalsAreDistinct,
  nodeGroupSizesInOrder,
  gatedModelsHaveToken,
  namespacesDiffer,
  serviceNeedsLoadBalancer,
  tlsHasOneCertificate,
  requestsOutliveSilence,
  answersOutliveTheirWait,
  managedStoresAreOnAws,
  managedStoresFit,
  redisHasRoom,
  overridesKeepThePlatform,
  chartValuesKeepThePlatform,
];
