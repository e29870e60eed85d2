import type { Objects } from "../resources/objects";
import type { KubernetesObject } from "../resources/resource";
import { at, UNKNOWN } from "../resources/values";
import { containersOf, templatesOf } from "../resources/workloads";
import { readAutoscaler, type Autoscaler } from "./autoscaler";

/**
 * An autoscaler and its target as a text by which an update knows again what a preview judged: both as the program declares them,
 * without what patches and LimitRanges make of them.
 */
export function pairText(
  { object }: Autoscaler,
  target: KubernetesObject,
  objects: Objects,
): string {
  const [autoscaler = object] = objects.declarationsOf(object);
  const [workload = target] = objects.declarationsOf(target);
  const containers = templatesOf(workload).flatMap((template) =>
    containersOf(at(template, "spec")).known.map(({ label, spec }) => [
      label,
      at(spec, "resources"),
    ]),
  );
  return JSON.stringify(
    [
      [autoscaler.urn, autoscaler.path, readAutoscaler(autoscaler).needs],
      [workload.urn, workload.path, containers],
    ],
    (_key, value: unknown) => (value === UNKNOWN ? null : value),
  );
}

/** The text of a pair that something else of the stack completes, which an update may register last; undefined for any other. */
export function completedPair(
  autoscaler: Autoscaler,
  target: KubernetesObject,
  objects: Objects,
): string | undefined {
  const patched = [autoscaler.object, target].some(
    (object) => objects.declarationsOf(object).length > 1,
  );
  return patched || objects.ofKind("LimitRange", "core").length > 0
    ? pairText(autoscaler, target, objects)
    : undefined;
}
