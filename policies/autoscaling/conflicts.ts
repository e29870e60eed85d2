import type { Objects } from "../resources/objects";
import { isSameObject, type KubernetesObject } from "../resources/resource";
import { SelectorIndex } from "../resources/selectors";
import { at, same, UNKNOWN, type Value } from "../resources/values";
import type { Autoscaler, Scaled } from "./autoscaler";
import { podsOf } from "./pods";
import { findTarget } from "./target";
import { verticalConflict } from "./vertical";

/** An autoscaler that stands in the way of another one. */
export interface Conflict {
  readonly autoscaler: Autoscaler;
  readonly message: string;
}

const REMEDY = "one autoscaler a workload: put all metrics into it";

/** Autoscalers that scale the same workload, or workloads whose pods one selector mixes up. */
export function conflictsIn(autoscalers: readonly Autoscaler[], objects: Objects): Conflict[] {
  const scaled = autoscalers.flatMap((autoscaler): Scaled[] => {
    const search = findTarget(autoscaler, objects);
    return search.state === "found" ? [{ autoscaler, target: search.target }] : [];
  });
  return [
    ...sameReference(autoscalers, objects),
    ...sharedPods(scaled, objects),
    ...scaled.flatMap((entry) =>
      objects
        .ofKind("VerticalPodAutoscaler", "autoscaling.k8s.io")
        .flatMap((vertical) => verticalConflict(vertical, entry, objects))
        .map((message) => ({ autoscaler: entry.autoscaler, message })),
    ),
  ];
}

/** By the reference alone: the target need not be in the stack. */
export function sameReference(autoscalers: readonly Autoscaler[], objects: Objects): Conflict[] {
  const seen = new Map<string, Autoscaler[]>();
  const found: Conflict[] = [];
  for (const autoscaler of autoscalers) {
    const { kind, name } = autoscaler.target;
    if (typeof kind !== "string" || typeof name !== "string") {
      continue;
    }
    const key = `${kind}/${name}`;
    const earlier = seen.get(key) ?? [];
    for (const other of earlier) {
      if (
        objects.together(other.object, autoscaler.object) === true &&
        !isDeclaredTwice(autoscaler, other) &&
        !isTransfer(autoscaler, other) &&
        !isTransfer(other, autoscaler)
      ) {
        found.push({
          autoscaler,
          message: `${other.object.name} scales ${kind} ${name} too, and the two undo each other's work${ambiguity(autoscaler, other)}; ${REMEDY}`,
        });
      }
    }
    seen.set(key, [...earlier, autoscaler]);
  }
  return found;
}

/** Whether two resources declare one and the same autoscaler, or one reads what the other may be. */
function isDeclaredTwice(one: Autoscaler, other: Autoscaler): boolean {
  const [left, right] = [one, other].map(({ object }) => at(object.props, "metadata", "name"));
  const read = [one, other].some(({ object }) => !object.resource.declared);
  return (
    one.source === other.source &&
    (typeof left === "string" ? same(left, right) === true || (read && right === UNKNOWN) : read)
  );
}

function ambiguity(one: Autoscaler, other: Autoscaler): string {
  return one.source === "kubernetes" && other.source === "kubernetes"
    ? " (Kubernetes stops both with AmbiguousSelector)"
    : "";
}

const TRANSFER = "scaledobject.keda.sh/transfer-hpa-ownership";

/** Whether a ScaledObject takes the HorizontalPodAutoscaler over, or may, as far as known. */
function isTransfer(taking: Autoscaler, taken: Autoscaler): boolean {
  const { props } = taking.object;
  const name = at(props, "spec", "advanced", "horizontalPodAutoscalerConfig", "name");
  return (
    taking.source === "keda" &&
    taken.source === "kubernetes" &&
    same(at(props, "metadata", "annotations", TRANSFER), "true") !== false &&
    same(name, at(taken.object.props, "metadata", "name")) !== false
  );
}

/** Pods that the selectors of two targets select: the controller refuses to compute either. */
function sharedPods(scaled: readonly Scaled[], objects: Objects): Conflict[] {
  const selectors = new SelectorIndex<Scaled>();
  for (const entry of scaled) {
    const selector = selectorOf(entry.target);
    if (selector !== undefined && selector !== UNKNOWN) {
      selectors.add(entry, selector);
    }
  }
  return scaled.flatMap(({ autoscaler, target }) => {
    const pods = podsOf(target, objects);
    if (pods.state !== "known" || pods.labels === UNKNOWN || pods.labels === undefined) {
      return [];
    }
    return selectors
      .selecting(pods.labels)
      .filter(
        ({ item, certain }) =>
          certain &&
          item.autoscaler !== autoscaler &&
          !isSameObject(item.target, target) &&
          objects.together(item.target, target) === true,
      )
      .map(({ item }) => ({
        autoscaler,
        message: `the selector of ${item.target.name}, which ${item.autoscaler.object.name} scales, selects the pods of ${target.name} too (Kubernetes stops both with AmbiguousSelector); give each workload a label of its own in its selector`,
      }));
  });
}

function selectorOf({ kubernetes, props }: KubernetesObject): Value {
  const selector = at(props, "spec", "selector");
  return kubernetes.kind === "ReplicationController" ? { matchLabels: selector } : selector;
}
