import type { Policies } from "@pulumi/policy";
import type { Rule } from "./factory/rule";
import { Inventory } from "./resources/inventory";
import { autoscalerBounds } from "./rules/autoscalerBounds";
import { autoscalerConflicts } from "./rules/autoscalerConflicts";
import { autoscalerDisruptionBudget } from "./rules/autoscalerDisruptionBudget";
import { autoscalerMetrics } from "./rules/autoscalerMetrics";
import { autoscalerOwnsReplicas } from "./rules/autoscalerOwnsReplicas";
import { autoscalerReachableTarget } from "./rules/autoscalerReachableTarget";
import { autoscalerTargetRequests } from "./rules/autoscalerTargetRequests";
import { autoscalerUndecided } from "./rules/autoscalerUndecided";
import { awsClusterEndpoint } from "./rules/awsClusterEndpoint";
import { awsClusterLogs } from "./rules/awsClusterLogs";
import { awsEncryptionAtRest } from "./rules/awsEncryptionAtRest";
import { awsExactActions } from "./rules/awsExactActions";
import { awsNeuronNodes } from "./rules/awsNeuronNodes";
import { awsNodeMetadata } from "./rules/awsNodeMetadata";
import { awsNoPublicStores } from "./rules/awsNoPublicStores";
import { awsProductionProtected } from "./rules/awsProductionProtected";
import { awsTagsPresent } from "./rules/awsTagsPresent";
import { awsTrustedPrincipals } from "./rules/awsTrustedPrincipals";
import { imagesPinned } from "./rules/imagesPinned";
import { loadBalancersInternal } from "./rules/loadBalancersInternal";
import { neuronPods } from "./rules/neuronPods";
import { noPlainSecrets } from "./rules/noPlainSecrets";
import { probesPresent } from "./rules/probesPresent";

/** Every rule of the pack, in the order of the documentation. */
export const RULES: readonly Rule[] = [
  autoscalerTargetRequests,
  autoscalerUndecided,
  autoscalerOwnsReplicas,
  autoscalerConflicts,
  autoscalerDisruptionBudget,
  autoscalerBounds,
  autoscalerMetrics,
  autoscalerReachableTarget,
  neuronPods,
  imagesPinned,
  probesPresent,
  noPlainSecrets,
  loadBalancersInternal,
  awsEncryptionAtRest,
  awsNoPublicStores,
  awsClusterEndpoint,
  awsClusterLogs,
  awsTagsPresent,
  awsExactActions,
  awsTrustedPrincipals,
  awsProductionProtected,
  awsNeuronNodes,
  awsNodeMetadata,
];

/** The rules over one inventory: one pack process serves one preview or update. */
export function policies(): Policies {
  const inventory = new Inventory();
  return RULES.map(({ policy }) => policy(inventory));
}
