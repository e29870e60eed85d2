import type { Policies } from "@pulumi/policy";
import { Inventory } from "./resources/inventory";
import { autoscalerBounds } from "./rules/autoscalerBounds";
import { autoscalerDisruptionBudget } from "./rules/autoscalerDisruptionBudget";
import { autoscalerOwnsReplicas } from "./rules/autoscalerOwnsReplicas";
import { autoscalerTargetRequests, autoscalerUndecided } from "./rules/autoscalerTargetRequests";
import { awsClusterEndpoint, awsClusterLogs } from "./rules/awsClusterEndpoint";
import { awsEncryptionAtRest } from "./rules/awsEncryptionAtRest";
import { awsExactActions } from "./rules/awsExactActions";
import { awsNeuronNodes } from "./rules/awsNeuronNodes";
import { awsNoPublicStores } from "./rules/awsNoPublicStores";
import { awsProductionProtected } from "./rules/awsProductionProtected";
import { awsTagsPresent } from "./rules/awsTagsPresent";
import { imagesPinned } from "./rules/imagesPinned";
import { loadBalancersInternal } from "./rules/loadBalancersInternal";
import { neuronPods } from "./rules/neuronPods";
import { noPlainSecrets } from "./rules/noPlainSecrets";
import { probesPresent } from "./rules/probesPresent";

/** Every rule of the pack, over one inventory: one pack process serves one preview or update. */
export function policies(): Policies {
  const inventory = new Inventory();
  return [
    inventory.recorder,
    autoscalerTargetRequests(inventory),
    autoscalerUndecided(inventory),
    autoscalerOwnsReplicas(inventory),
    autoscalerDisruptionBudget(inventory),
    autoscalerBounds,
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
    awsProductionProtected,
    awsNeuronNodes,
  ];
}
