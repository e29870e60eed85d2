import type { StackValidationPolicy } from "@pulumi/policy";
import { findTarget, isAutoscaler, nameOf } from "../resources/autoscalers";
import type { Inventory } from "../resources/inventory";
import { at } from "../resources/values";

/** Fixed replicas on an autoscaler's target: every update would undo what the autoscaler did. */
export function autoscalerOwnsReplicas(inventory: Inventory): StackValidationPolicy {
  return {
    name: "autoscaler-owns-replicas",
    description: "The target of a HorizontalPodAutoscaler does not fix its replicas.",
    enforcementLevel: "mandatory",
    validateStack: (args, report) => {
      const objects = inventory.objects(args);
      for (const autoscaler of objects.filter(isAutoscaler)) {
        const search = findTarget(autoscaler, objects);
        if (search.state !== "found") {
          continue;
        }
        const { target } = search;
        const fixed = at(target.props, "spec", "replicas");
        const ignored = target.ignoreChanges.some((path) => /^spec(\.replicas)?$/.test(path));
        if (fixed !== undefined && fixed !== null && !ignored) {
          report(
            `${nameOf(target)} fixes spec.replicas although ${nameOf(autoscaler)} owns it; leave replicas out, or ignore changes to spec.replicas`,
            target.urn,
          );
        }
      }
    },
  };
}
