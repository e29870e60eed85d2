import { autoscalersIn, isAutoscaler, readAutoscaler } from "../autoscaling/autoscaler";
import { conflictsIn, sameReference } from "../autoscaling/conflicts";
import { rule } from "../factory/rule";
import { isSameObject } from "../resources/resource";

/** Two autoscalers of the same pods undo each other's work, or Kubernetes stops both. */
export const autoscalerConflicts = rule({
  name: "autoscaler-conflicts",
  description: "No two autoscalers work on the same pods.",
  severity: "high",
  tags: ["kubernetes", "autoscaling", "keda"],
  remediationSteps: "Keep one autoscaler a workload, with all metrics in it.",
  url: "https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/",
  resource: (resource, _settings, report, { objects, updating }) => {
    for (const object of updating ? resource.objects.filter(isAutoscaler) : []) {
      const own = readAutoscaler(object);
      const rivals = autoscalersIn(objects).filter(({ target }) => target.name === own.target.name);
      for (const { autoscaler, message } of sameReference(rivals, objects)) {
        if (isSameObject(autoscaler.object, object)) {
          report(`${object.name}: ${message}`);
        }
      }
    }
  },
  stack: ({ objects }, _settings, report) => {
    for (const { autoscaler, message } of conflictsIn(autoscalersIn(objects), objects)) {
      report(`${autoscaler.object.name}: ${message}`, autoscaler.object.urn);
    }
  },
});
