import type { ConfigProblem } from "./problems";
import { endpointIsOpenToSomebody, principalsAreDistinct } from "./access";
import { boundsInOrder, requestsWithinLimits } from "./autoscaling";
import { replicasFitNodeGroups } from "./capacity";
import {
  kubeProxyIsOfTheVersion,
  nodeGroupSizesInOrder,
  sharedStorageHasParameters,
  systemImageIsOfTheVersion,
  versionIsKnown,
  versionIsSupported,
} from "./cluster";
import { fallbacksNameModels, gatedModelsHaveToken, namespacesDiffer } from "./gateway";
import {
  allowedBlocksAreBlocks,
  answersOutliveTheirWait,
  certificateIsOfTheRegion,
  networkLoadBalancerIsTold,
  requestsOutliveSilence,
  serviceNeedsLoadBalancer,
  tlsHasOneCertificate,
} from "./loadBalancer";
import {
  connectedNetworksAreOthers,
  controlPlaneZonesAreKnown,
  subnetsAreDistinct,
  vpcHasRoom,
  zonesAreDistinct,
} from "./network";
import {
  modelsFitTheirInstances,
  modelsHavePrices,
  pinsAreCompatible,
  placementsHaveNodeGroups,
} from "./neuron";
import { chartValuesKeepThePlatform, overridesKeepThePlatform } from "./overrides";
import {
  askedReplicasMayBe,
  kedaIsOfTheCluster,
  metricsAreOfKeda,
  requestsReachTheirTarget,
  sleepersAreWoken,
  slotsReachTheirTarget,
} from "./requestScaling";
import type { Rule } from "./rule";
import { nodeGroupsAreWhole } from "./nodeGroups";
import {
  databaseHasConnections,
  managedStoresAreOnAws,
  managedStoresFit,
  managedStoresHaveNames,
  redisHasRoom,
} from "./stores";
import type { ParsedConfig } from "../../domain/settings/schema";

/** Every contradiction between fields that are valid one by one. */
export function crossFieldProblems(config: ParsedConfig): ConfigProblem[] {
  return RULES.flatMap((rule) => rule(config));
}

const RULES: readonly Rule[] = [
  boundsInOrder,
  sleepersAreWoken,
  metricsAreOfKeda,
  requestsReachTheirTarget,
  slotsReachTheirTarget,
  askedReplicasMayBe,
  requestsWithinLimits,
  placementsHaveNodeGroups,
  replicasFitNodeGroups,
  pinsAreCompatible,
  modelsFitTheirInstances,
  modelsHavePrices,
  fallbacksNameModels,
  sharedStorageHasParameters,
  versionIsKnown,
  kubeProxyIsOfTheVersion,
  systemImageIsOfTheVersion,
  versionIsSupported,
  vpcHasRoom,
  connectedNetworksAreOthers,
  zonesAreDistinct,
  subnetsAreDistinct,
  nodeGroupsAreWhole,
  controlPlaneZonesAreKnown,
  endpointIsOpenToSomebody,
  principalsAreDistinct,
  nodeGroupSizesInOrder,
  gatedModelsHaveToken,
  namespacesDiffer,
  serviceNeedsLoadBalancer,
  allowedBlocksAreBlocks,
  networkLoadBalancerIsTold,
  tlsHasOneCertificate,
  certificateIsOfTheRegion,
  requestsOutliveSilence,
  answersOutliveTheirWait,
  managedStoresAreOnAws,
  managedStoresFit,
  managedStoresHaveNames,
  redisHasRoom,
  databaseHasConnections,
  overridesKeepThePlatform,
  chartValuesKeepThePlatform,
  kedaIsOfTheCluster,
];
