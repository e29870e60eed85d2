import {
  autoscalersIn,
  isAutoscaler,
  readAutoscaler,
  type Autoscaler,
} from "../autoscaling/autoscaler";
import { ceilingProblems } from "../autoscaling/ceilings";
import { findTarget } from "../autoscaling/target";
import { integer, type Settings } from "../factory/parameters";
import { rule, type Report } from "../factory/rule";
import type { Objects } from "../resources/objects";

const parameters = {
  tolerancePercent: integer(
    "Tolerance of the cluster's autoscaler controller (--horizontal-pod-autoscaler-tolerance); behavior.scaleUp.tolerance of an autoscaler counts before it.",
    10,
  ),
};

/** A target that the signal cannot reach: the autoscaler is healthy and never adds a pod. */
export const autoscalerReachableTarget = rule({
  name: "autoscaler-reachable-target",
  description:
    "The signal of an autoscaler can rise above the target, and the tolerance, at which it adds a pod.",
  severity: "high",
  tags: ["kubernetes", "autoscaling", "keda", "vllm"],
  remediationSteps:
    "Lower the target below what the signal can reach, or raise the limit or the slots.",
  url: "https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/#algorithm-details",
  parameters,
  resource: (resource, settings, report, { objects, updating }) => {
    for (const object of updating ? resource.objects.filter(isAutoscaler) : []) {
      judge(readAutoscaler(object), objects, settings, report);
    }
  },
  stack: ({ objects }, settings, report) => {
    for (const autoscaler of autoscalersIn(objects)) {
      judge(autoscaler, objects, settings, report);
    }
  },
});

function judge(
  autoscaler: Autoscaler,
  objects: Objects,
  { tolerancePercent }: Settings<typeof parameters>,
  report: Report,
): void {
  const search = findTarget(autoscaler, objects);
  const target = search.state === "found" && !search.partial ? search.target : undefined;
  for (const problem of ceilingProblems(autoscaler, target, objects, tolerancePercent / 100)) {
    report(`${autoscaler.object.name}: ${problem}`, autoscaler.object.urn);
  }
}
