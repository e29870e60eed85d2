import type { Objects } from "../resources/objects";
import type { KubernetesObject } from "../resources/resource";
import { at, UNKNOWN, type Value } from "../resources/values";
import { hasPods, podSpecsOf } from "../resources/workloads";

/** The pods that an autoscaler measures. */
export type Pods =
  | { readonly state: "known"; readonly spec: Value; readonly labels: Value }
  | { readonly state: "unjudged"; readonly reason: string };

/** The pods of a scale target; those of the Deployment that a Rollout takes its template from. */
export function podsOf(target: KubernetesObject, objects: Objects): Pods {
  const { kind } = target.kubernetes;
  if (!hasPods(kind)) {
    return {
      state: "unjudged",
      reason: `what the pods of ${target.name} request cannot be judged: this pack does not know where the kind keeps them`,
    };
  }
  const reference = at(target.props, "spec", "workloadRef");
  if (kind === "Rollout" && reference !== undefined && reference !== null) {
    return referred(target, reference, objects);
  }
  const spec = target.props === UNKNOWN ? UNKNOWN : podSpecsOf(target)[0];
  return {
    state: "known",
    spec,
    labels: at(target.props, "spec", "template", "metadata", "labels"),
  };
}

function referred(target: KubernetesObject, reference: Value, objects: Objects): Pods {
  const [kind, name] = [at(reference, "kind"), at(reference, "name")];
  const [workload] =
    typeof kind === "string" && typeof name === "string"
      ? objects.named(kind, name).filter((object) => objects.together(object, target) === true)
      : [];
  return workload === undefined
    ? {
        state: "unjudged",
        reason: `the workload that ${target.name} takes its pods from is not known to this stack`,
      }
    : podsOf(workload, objects);
}
