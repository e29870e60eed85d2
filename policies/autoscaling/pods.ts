import { groupOf } from "../resources/kubernetes";
import type { Objects } from "../resources/objects";
import type { KubernetesObject } from "../resources/resource";
import { at, isTree, type Value } from "../resources/values";
import { hasPods, isKind, templatesOf } from "../resources/workloads";

/** The pods that an autoscaler measures. */
export type Pods =
  | { readonly state: "known"; readonly spec: Value; readonly labels: Value }
  | { readonly state: "unjudged"; readonly reason: string };

/** The pods of a scale target; those of the Deployment that a Rollout takes its template from. */
export function podsOf(target: KubernetesObject, objects: Objects): Pods {
  if (!hasPods(target.kubernetes)) {
    return {
      state: "unjudged",
      reason: `what the pods of ${target.name} request cannot be judged: this pack does not know where the kind keeps them`,
    };
  }
  const reference = at(target.props, "spec", "workloadRef");
  if (
    isKind(target.kubernetes, "argoproj.io", "Rollout") &&
    reference !== undefined &&
    reference !== null
  ) {
    return referred(target, reference, objects);
  }
  const [template] = templatesOf(target);
  const labels = at(template, "metadata", "labels");
  return {
    state: "known",
    spec: at(template, "spec"),
    labels: isKind(target.kubernetes, "leaderworkerset.x-k8s.io", "LeaderWorkerSet")
      ? withSetName(labels, target)
      : labels,
  };
}

/** Its controller gives every pod the name of the set. */
function withSetName(labels: Value, { props }: KubernetesObject): Value {
  const name = at(props, "metadata", "name");
  return labels === undefined || isTree(labels)
    ? { ...labels, "leaderworkerset.sigs.k8s.io/name": name }
    : labels;
}

function referred(target: KubernetesObject, reference: Value, objects: Objects): Pods {
  const [kind, name] = [at(reference, "kind"), at(reference, "name")];
  const group = groupOf(at(reference, "apiVersion"));
  const [workload] =
    typeof kind === "string" && typeof name === "string"
      ? objects
          .named(kind, name)
          .filter(({ kubernetes }) => group === undefined || kubernetes.group === group)
          .filter((object) => objects.together(object, target) === true)
      : [];
  return workload === undefined
    ? {
        state: "unjudged",
        reason: `the workload that ${target.name} takes its pods from is not known to this stack`,
      }
    : podsOf(workload, objects);
}
