import {
  autoscalersIn,
  isAutoscaler,
  readAutoscaler,
  type Autoscaler,
} from "../autoscaling/autoscaler";
import { ceilingProblems } from "../autoscaling/ceilings";
import { findTarget } from "../autoscaling/target";
import { rule, type Report } from "../factory/rule";
import type { Objects } from "../resources/objects";

/** A target that the signal cannot reach: the autoscaler is healthy and never adds a pod. */
export const autoscalerReachableTarget = rule({
  name: "autoscaler-reachable-target",
  description: "The signal of an autoscaler can rise above the target at which it adds a pod.",
  severity: "high",
  tags: ["kubernetes", "autoscaling", "keda", "vllm"],
  remediationSteps:
    "Lower the target below what the signal can reach, or raise the limit or the slots.",
  url: "https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/#algorithm-details",
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
  const target = search.state === "found" && !search.partial ? search.target : undefined;
  for (const problem of ceilingProblems(autoscaler, target, objects)) {
    report(`${autoscaler.object.name}: ${problem}`, autoscaler.object.urn);
  }
}
