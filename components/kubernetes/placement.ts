import type { types } from "@pulumi/kubernetes";
import { NEURON_RESOURCE } from "../../domain/neuron/resource";

/** Lets pods onto tainted Neuron nodes. */
export const NEURON_TOLERATION: types.input.core.v1.Toleration = {
  key: NEURON_RESOURCE,
  operator: "Exists",
  effect: "NoSchedule",
};

/** Keeps pods on nodes of the given instance types. */
export function onInstanceTypes(instanceTypes: readonly string[]): types.input.core.v1.Affinity {
  return {
    nodeAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: {
        nodeSelectorTerms: [
          {
            matchExpressions: [
              {
                key: "node.kubernetes.io/instance-type",
                operator: "In",
                values: [...instanceTypes],
              },
            ],
          },
        ],
      },
    },
  };
}
