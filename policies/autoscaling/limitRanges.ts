import type { Objects } from "../resources/objects";
import type { KubernetesObject } from "../resources/resource";
import { at, items, UNKNOWN, type Value } from "../resources/values";

/**
 * The request that LimitRanges of the stack give to a container without request and limit: `defaultRequest`, for which the
 * API server takes `default`, then `max`, then `min` where it is not there. UNKNOWN when one of them may do so.
 */
export function defaultRequest(
  workload: KubernetesObject,
  resource: string,
  objects: Objects,
): Value {
  let found: Value;
  for (const range of objects.ofKind("LimitRange", "core")) {
    const together = objects.together(range, workload);
    const amount = together === false ? undefined : amountOf(range.props, resource);
    if (amount !== undefined) {
      found = together === UNKNOWN || amount === UNKNOWN ? (found ?? UNKNOWN) : amount;
    }
  }
  return found;
}

function amountOf(props: Value, resource: string): Value {
  const limits = at(props, "spec", "limits");
  if (limits === UNKNOWN) {
    return UNKNOWN;
  }
  let found: Value;
  for (const item of items(limits)) {
    const type = at(item, "type");
    if (type !== "Container" && type !== UNKNOWN) {
      continue;
    }
    const amount = ["defaultRequest", "default", "max", "min"]
      .map((field) => at(item, field, resource))
      .find((value) => value !== undefined && value !== null);
    if (amount !== undefined) {
      found = type === UNKNOWN ? (found ?? UNKNOWN) : (found ?? amount);
    }
  }
  return found;
}
