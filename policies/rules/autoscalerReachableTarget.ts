import {
  autoscalersIn,
  isAutoscaler,
  readAutoscaler,
  type Autoscaler,
} from "../autoscaling/autoscaler";
import { ceilingProblems } from "../autoscaling/ceilings";
import { completedPair, pairText } from "../autoscaling/pairs";
import { findTarget } from "../autoscaling/target";
import { integer, type Settings } from "../factory/parameters";
import { rule } from "../factory/rule";
import type { Objects } from "../resources/objects";
import type { KubernetesObject } from "../resources/resource";

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
  resource: (resource, settings, report, { objects, updating, foundRight }) => {
    for (const object of updating ? resource.objects.filter(isAutoscaler) : []) {
      const autoscaler = readAutoscaler(object);
      const { problems, target } = judge(autoscaler, objects, settings);
      const completed =
        target !== undefined &&
        problems.length > 0 &&
        foundRight(pairText(autoscaler, target, objects));
      for (const problem of completed ? [] : problems) {
        report(`${object.name}: ${problem}`);
      }
    }
  },
  stack: ({ objects }, settings, report, remember) => {
    for (const autoscaler of autoscalersIn(objects)) {
      const { problems, target } = judge(autoscaler, objects, settings);
      for (const problem of problems) {
        report(`${autoscaler.object.name}: ${problem}`, autoscaler.object.urn);
      }
      if (target !== undefined && problems.length === 0) {
        remember(completedPair(autoscaler, target, objects));
      }
    }
  },
});

function judge(
  autoscaler: Autoscaler,
  objects: Objects,
  { tolerancePercent }: Settings<typeof parameters>,
): { readonly problems: readonly string[]; readonly target: KubernetesObject | undefined } {
  const search = findTarget(autoscaler, objects);
  const target = search.state === "found" && !search.partial ? search.target : undefined;
  return {
    problems: ceilingProblems(autoscaler, target, objects, tolerancePercent / 100),
    target,
  };
}
