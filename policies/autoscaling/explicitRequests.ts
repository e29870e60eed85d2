import type { KubernetesObject } from "../resources/resource";
import { at, entries, items, UNKNOWN, type Value } from "../resources/values";
import { templatePaths } from "../resources/workloads";

/** What metrics-server measures, and an autoscaler can take a share of. */
const MEASURED: readonly string[] = ["cpu", "memory"];

/**
 * Writes the requests that the API server would take from limits into the properties of a workload, in place.
 * @returns whether there were any
 */
export function writeRequests(
  { kubernetes, props }: KubernetesObject,
  properties: object,
): boolean {
  let changed = false;
  for (const template of isFixed(kubernetes) ? [] : templatePaths(kubernetes)) {
    for (const field of ["containers", "initContainers"]) {
      const list = [...template, "spec", field];
      items(at(props, ...list)).forEach((container, index) => {
        const missing = missingRequests(at(container, "resources"));
        if (missing.length > 0) {
          const resources = child(properties, [...list, String(index), "resources"]);
          addRequests(resources, missing);
          changed = true;
        }
      });
    }
  }
  return changed;
}

/** Whether a change of the pods would replace the object. */
function isFixed({ group, kind }: KubernetesObject["kubernetes"]): boolean {
  return ["core/Pod", "batch/Job"].includes(`${group}/${kind}`);
}

/** The known limits beside which there is no request. */
function missingRequests(resources: Value): [string, string | number][] {
  const requests = at(resources, "requests");
  return requests === UNKNOWN
    ? []
    : entries(at(resources, "limits")).flatMap(([name, limit]): [string, string | number][] =>
        MEASURED.includes(name) &&
        (typeof limit === "string" || typeof limit === "number") &&
        at(requests, name) === undefined
          ? [[name, limit]]
          : [],
      );
}

function addRequests(resources: object, missing: readonly [string, string | number][]): void {
  const requests: unknown = Reflect.get(resources, "requests");
  if (typeof requests !== "object" || requests === null) {
    Reflect.set(resources, "requests", Object.fromEntries(missing));
    return;
  }
  for (const [name, amount] of missing) {
    Reflect.set(requests, name, amount);
  }
}

/** The object at a path that is known to be there. */
function child(parent: object, path: readonly string[]): object {
  return path.reduce<object>((object, key) => {
    const value: unknown = Reflect.get(object, key);
    if (typeof value !== "object" || value === null) {
      throw new Error(`there is no object at ${path.join(".")}`);
    }
    return value;
  }, parent);
}
