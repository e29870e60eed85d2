import type { Objects } from "../resources/objects";
import type { KubernetesObject } from "../resources/resource";
import { allOf, at, isList, items, same, UNKNOWN, type Value } from "../resources/values";
import { containersOf } from "../resources/workloads";
import type { Scaled } from "./autoscaler";
import type { Request } from "./metrics";
import { podsOf } from "./pods";

/** What a VerticalPodAutoscaler changes of the requests that an autoscaler measures shares of: nothing, or a message. */
export function verticalConflict(
  vertical: KubernetesObject,
  { autoscaler, target }: Scaled,
  objects: Objects,
): string[] {
  if (!acts(vertical) || scales(vertical, target, objects) !== true) {
    return [];
  }
  const changed = autoscaler.needs.flatMap((need) =>
    need.state === "request" && changes(vertical, need.request, target, objects) === true
      ? [need.request.resource]
      : [],
  );
  return changed.length === 0
    ? []
    : [
        `${vertical.name} changes the ${[...new Set(changed)].join(" and ")} requests that this autoscaler measures shares of; set its updateMode to Off, or its controlledResources to others`,
      ];
}

/** In the mode Off it only recommends. In all others, Initial too, pods that the autoscaler adds get the requests it wants. */
function acts({ props }: KubernetesObject): boolean {
  const mode = at(props, "spec", "updatePolicy", "updateMode");
  return mode !== "Off" && mode !== UNKNOWN;
}

function scales(
  vertical: KubernetesObject,
  target: KubernetesObject,
  objects: Objects,
): boolean | typeof UNKNOWN {
  const reference = at(vertical.props, "spec", "targetRef");
  return allOf([
    same(at(reference, "name"), at(target.props, "metadata", "name")),
    same(at(reference, "kind"), target.kubernetes.kind),
    objects.together(vertical, target),
  ]);
}

/** Whether it changes the request of one of the containers that a metric measures. */
function changes(
  vertical: KubernetesObject,
  { resource, container }: Request,
  target: KubernetesObject,
  objects: Objects,
): boolean | typeof UNKNOWN {
  const policies = at(vertical.props, "spec", "resourcePolicy", "containerPolicies");
  if (policies === UNKNOWN || items(policies).some((policy) => policy === UNKNOWN)) {
    return UNKNOWN;
  }
  const answers = measured(container, target, objects).map((name) =>
    controls(items(policies), name, resource),
  );
  return answers.includes(true) ? true : answers.includes(UNKNOWN) ? UNKNOWN : false;
}

/** The names of the containers that a metric measures; init containers get no recommendation. */
function measured(
  container: string | undefined,
  target: KubernetesObject,
  objects: Objects,
): readonly Value[] {
  const pods = podsOf(target, objects);
  const { known, unknown } = containersOf(pods.state === "known" ? pods.spec : UNKNOWN);
  const names = known.filter(({ init }) => !init).map(({ name }): Value => name);
  const all: readonly Value[] = unknown.includes("containers") ? [...names, UNKNOWN] : names;
  return container === undefined ? all : all.filter((name) => same(name, container) !== false);
}

/**
 * Whether the policies let it change a resource of a container. The policy of the container's own name counts, else the one of
 * the name `*`; without either it changes CPU and memory. Whether limits follow (`controlledValues`) makes no difference here.
 */
function controls(
  policies: readonly Value[],
  container: Value,
  resource: string,
): boolean | typeof UNKNOWN {
  const named = (wanted: Value) =>
    policies.filter((policy) => at(policy, "containerName") === wanted);
  const unnamed = policies.some((policy) => at(policy, "containerName") === UNKNOWN);
  if (container === UNKNOWN || unnamed) {
    const fallback = named("*").length === 0 ? [true] : [];
    const answers = [...fallback, ...policies.map((policy) => allows(policy, resource))];
    return answers.every((answer) => answer === true)
      ? true
      : answers.every((answer) => answer === false)
        ? false
        : UNKNOWN;
  }
  const policy = named(container)[0] ?? named("*").at(-1);
  return policy === undefined ? isMeasured(resource) : allows(policy, resource);
}

function allows(policy: Value, resource: string): boolean | typeof UNKNOWN {
  const mode = at(policy, "mode");
  const resources = at(policy, "controlledResources");
  if (mode !== undefined && mode !== null && mode !== UNKNOWN && mode !== "Auto") {
    return false;
  }
  const listed = isList(resources)
    ? resources.includes(resource)
      ? true
      : resources.includes(UNKNOWN)
        ? UNKNOWN
        : false
    : resources === UNKNOWN
      ? UNKNOWN
      : isMeasured(resource);
  return listed === false ? false : allOf([mode === UNKNOWN ? UNKNOWN : true, listed]);
}

function isMeasured(resource: string): boolean {
  return resource === "cpu" || resource === "memory";
}
