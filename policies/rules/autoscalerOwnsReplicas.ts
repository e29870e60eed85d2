import {
  autoscalersIn,
  isAutoscaler,
  readAutoscaler,
  type Autoscaler,
} from "../autoscaling/autoscaler";
import { findTarget } from "../autoscaling/target";
import { rule, type Report } from "../factory/rule";
import { ignoresChanges } from "../resources/ignoreChanges";
import type { Objects } from "../resources/objects";
import { at, UNKNOWN } from "../resources/values";

/** Fixed replicas on an autoscaler's target: every update would undo what the autoscaler did. */
export const autoscalerOwnsReplicas = rule({
  name: "autoscaler-owns-replicas",
  description: "The target of an autoscaler does not fix its replicas.",
  severity: "medium",
  tags: ["kubernetes", "autoscaling", "keda"],
  remediationSteps: "Leave spec.replicas out, or add it to ignoreChanges.",
  url: "https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/#migrating-deployments-and-statefulsets-to-horizontal-autoscaling",
  resource: (resource, _settings, report, { objects, updating }) => {
    for (const object of updating ? resource.objects.filter(isAutoscaler) : []) {
      judge(readAutoscaler(object), objects, report);
    }
  },
  stack: ({ objects }, _settings, report) => {
    for (const autoscaler of autoscalersIn(objects)) {
      judge(autoscaler, objects, report);
    }
  },
});

function judge(autoscaler: Autoscaler, objects: Objects, report: Report): void {
  const search = findTarget(autoscaler, objects);
  if (search.state !== "found" || !search.target.resource.declared) {
    return;
  }
  // Server-side apply keeps who wrote a field: each declaration fixes its own replicas, and ignores changes by its own options.
  for (const declaration of objects.declarationsOf(search.target)) {
    const fixed = at(declaration.props, "spec", "replicas");
    if (
      fixed !== undefined &&
      fixed !== null &&
      fixed !== UNKNOWN &&
      !ignoresChanges(declaration, "spec", "replicas")
    ) {
      const who = declaration.kubernetes.patch
        ? `a patch of ${declaration.name}`
        : declaration.name;
      report(
        `${who} fixes spec.replicas although ${autoscaler.object.name} owns it; leave replicas out, or ignore changes to spec.replicas`,
        declaration.urn,
      );
    }
  }
}
