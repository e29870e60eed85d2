import { namespaceOf, same, type StackObject } from "./inventory";
import { at, isList, UNKNOWN, type Value } from "./values";
import { containersOf, displayName, podSpecOf, type Container } from "./workloads";

/** What is known about an autoscaler's target. */
export type TargetSearch =
  | { readonly state: "found"; readonly target: StackObject }
  | { readonly state: "missing" }
  /** A preview cannot tell. */
  | { readonly state: "undecided"; readonly reason: string };

export function isAutoscaler(object: StackObject): boolean {
  const { group, kind } = object.kubernetes;
  return group === "autoscaling" && kind === "HorizontalPodAutoscaler";
}

/** `Deployment litellm/litellm`: how configuration and messages name an autoscaler's target. */
export function targetName(autoscaler: StackObject): string {
  const text = (value: Value) => (typeof value === "string" ? value : "(unknown)");
  const reference = at(autoscaler.props, "spec", "scaleTargetRef");
  return `${text(at(reference, "kind"))} ${text(namespaceOf(autoscaler))}/${text(at(reference, "name"))}`;
}

/**
 * Finds the workload that an autoscaler scales: by kind, API group, namespace and name under the same provider, and where
 * one of those is unknown, by what the autoscaler's `spec` was computed from.
 */
export function findTarget(autoscaler: StackObject, objects: readonly StackObject[]): TargetSearch {
  const reference = at(autoscaler.props, "spec", "scaleTargetRef");
  const candidates = objects.filter(
    (object) =>
      object.provider === autoscaler.provider &&
      podSpecOf(object.type, object.props) !== undefined &&
      matches(object, autoscaler, reference) !== false,
  );
  const certain = candidates.find((object) => matches(object, autoscaler, reference) === true);
  if (certain !== undefined) {
    return { state: "found", target: certain };
  }
  const sources = autoscaler.propertyDependencies.spec ?? [];
  const linked = candidates.filter(({ urn }) => sources.includes(urn));
  if (linked.length === 1 && linked[0] !== undefined) {
    return { state: "found", target: linked[0] };
  }
  if (candidates.length === 0) {
    return { state: "missing" };
  }
  return {
    state: "undecided",
    reason: `its target ${targetName(autoscaler)} could be any of ${candidates.map(nameOf).join(", ")}`,
  };
}

/** Whether `object` is what the reference names; UNKNOWN when a part of either is. */
function matches(
  object: StackObject,
  autoscaler: StackObject,
  reference: Value,
): boolean | typeof UNKNOWN {
  const group = groupOf(at(reference, "apiVersion"));
  const checks = [
    same(at(reference, "kind"), object.kubernetes.kind),
    // The API server defaults no group here, but an empty one is written often enough for apps/v1.
    group === undefined ? true : same(group, object.kubernetes.group),
    same(at(reference, "name"), at(object.props, "metadata", "name")),
    same(namespaceOf(autoscaler), namespaceOf(object)),
  ];
  if (checks.includes(false)) {
    return false;
  }
  return checks.includes(UNKNOWN) ? UNKNOWN : true;
}

function groupOf(apiVersion: Value): Value {
  if (typeof apiVersion !== "string") {
    return apiVersion;
  }
  return apiVersion.includes("/") ? apiVersion.split("/")[0] : "core";
}

export function nameOf(object: StackObject): string {
  return displayName(object.type, object.props, object.programName);
}

/** A request that a metric needs: of one container, or of every container when `container` is absent. */
export interface RequestNeed {
  readonly resource: string;
  readonly container?: string;
}

/**
 * The requests that an autoscaler's metrics are computed from. Utilization is a share of the request; average values,
 * Pods, Object and External metrics need none. Without metrics Kubernetes takes CPU.
 */
export function requestNeeds(autoscaler: StackObject): readonly RequestNeed[] | typeof UNKNOWN {
  const spec = at(autoscaler.props, "spec");
  if (autoscaler.kubernetes.version === "v1") {
    return spec === UNKNOWN ? UNKNOWN : [{ resource: "cpu" }];
  }
  const metrics = at(spec, "metrics");
  if (metrics === UNKNOWN) {
    return UNKNOWN;
  }
  if (!isList(metrics) || metrics.length === 0) {
    return [{ resource: "cpu" }];
  }
  const needs: RequestNeed[] = [];
  for (const metric of metrics) {
    const type = at(metric, "type");
    if (type === UNKNOWN) {
      return UNKNOWN;
    }
    const source = type === "Resource" ? "resource" : "containerResource";
    if (type !== "Resource" && type !== "ContainerResource") {
      continue;
    }
    const averages = at(metric, source, "target", "type") ?? "Utilization";
    const oldAverage = at(metric, source, "targetAverageValue");
    if ((averages !== "Utilization" && averages !== UNKNOWN) || oldAverage !== undefined) {
      continue;
    }
    const resource = at(metric, source, "name");
    const container = at(metric, source, "container");
    if (typeof resource !== "string" || (type === "ContainerResource" && container === UNKNOWN)) {
      return UNKNOWN;
    }
    needs.push(typeof container === "string" ? { resource, container } : { resource });
  }
  return needs;
}

/** One request that a metric needs and a container lacks, or that a preview cannot tell. */
export interface RequestGap {
  readonly state: "missing" | "undecided";
  readonly message: string;
}

/** The gaps between what the metrics of an autoscaler need and what the target's containers request. */
export function requestGaps(
  autoscaler: StackObject,
  target: StackObject,
  explicitRequests: boolean,
): RequestGap[] {
  const needs = requestNeeds(autoscaler);
  const containers = containersOf(podSpecOf(target.type, target.props));
  if (needs === UNKNOWN || containers === UNKNOWN) {
    const what = needs === UNKNOWN ? "its metrics" : `the containers of ${nameOf(target)}`;
    return [{ state: "undecided", message: `${what} are unknown until the update` }];
  }
  const running = containers.filter(({ init, sidecar }) => !init || sidecar !== false);
  return needs.flatMap((need) => gapsOf(need, running, target, explicitRequests));
}

function gapsOf(
  need: RequestNeed,
  containers: readonly Container[],
  target: StackObject,
  explicitRequests: boolean,
): RequestGap[] {
  const judged =
    need.container === undefined
      ? containers
      : containers.filter(({ name }) => name === need.container);
  if (need.container !== undefined && judged.length === 0) {
    const names = containers.map(({ label }) => label).join(", ");
    return containers.some(({ name }) => name === UNKNOWN)
      ? [{ state: "undecided", message: `container names of ${nameOf(target)} are unknown` }]
      : [
          {
            state: "missing",
            message: `measures container "${need.container}", which ${nameOf(target)} does not have; name one of ${names}`,
          },
        ];
  }
  return judged.flatMap(({ label, spec, sidecar }): RequestGap[] => {
    const request = at(spec, "resources", "requests", need.resource);
    const limit = at(spec, "resources", "limits", need.resource);
    // Kubernetes takes a limit for the request where none is given.
    const amount = request ?? (explicitRequests ? undefined : limit);
    if (amount === UNKNOWN || (amount === undefined && sidecar === UNKNOWN)) {
      return [
        {
          state: "undecided",
          message: `${label} of ${nameOf(target)}: the ${need.resource} request is unknown until the update`,
        },
      ];
    }
    return amount === undefined || amount === null
      ? [
          {
            state: "missing",
            message: `scales on ${need.resource}, but ${label} of ${nameOf(target)} requests none; write resources.requests.${need.resource}`,
          },
        ]
      : [];
  });
}
