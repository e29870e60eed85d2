import {
  autoscalersIn,
  isAutoscaler,
  readAutoscaler,
  type Autoscaler,
} from "../autoscaling/autoscaler";
import { ceilingProblems } from "../autoscaling/ceilings";
import { findTarget } from "../autoscaling/target";
import { boolean, integer, type Settings } from "../factory/parameters";
import { rule } from "../factory/rule";
import type { Objects } from "../resources/objects";

const parameters = {
  tolerancePercent: integer(
    "Tolerance of the cluster's autoscaler controller (--horizontal-pod-autoscaler-tolerance); behavior.scaleUp.tolerance of an autoscaler counts before it.",
    10,
  ),
  judgeAtRegistration: boolean(
    "Whether an update stops when an autoscaler is registered whose target is out of reach; false where a patch that is registered later raises the limit.",
    true,
  ),
};

/** What to do where the target is only completed later. */
const WAY_OUT =
  "or, where a patch of this stack changes its target, let the autoscaler depend on it";

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
    for (const object of updating && settings.judgeAtRegistration
      ? resource.objects.filter(isAutoscaler)
      : []) {
      for (const problem of judge(readAutoscaler(object), objects, settings)) {
        report(`${object.name}: ${problem}`, WAY_OUT);
      }
    }
  },
  stack: ({ objects }, settings, report) => {
    for (const autoscaler of autoscalersIn(objects)) {
      for (const problem of judge(autoscaler, objects, settings)) {
        report(`${autoscaler.object.name}: ${problem}`, autoscaler.object.urn);
      }
    }
  },
});

function judge(
  autoscaler: Autoscaler,
  objects: Objects,
  { tolerancePercent }: Settings<typeof parameters>,
): readonly string[] {
  const search = findTarget(autoscaler, objects);
  const target = search.state === "found" && !search.partial ? search.target : undefined;
  return ceilingProblems(autoscaler, target, objects, tolerancePercent / 100);
}
