import type { KubernetesObject } from "../resources/resource";
import { at, isGiven, isList, items, parsedJson, UNKNOWN, type Value } from "../resources/values";

/** A request that a metric is a share of: one container's or, when `container` is absent, every container's. */
export interface Request {
  readonly resource: string;
  readonly container?: string;
  /** The share in percent at which the autoscaler adds a pod; undefined while unknown. */
  readonly percent?: number;
}

/** What one metric needs: a request, nothing (`none`), or what only the update will say. */
export type Need =
  | { readonly state: "request"; readonly request: Request }
  /** `request` is what it needs if its target turns out to be a share. */
  | { readonly state: "unknown"; readonly what: string; readonly request?: Request };

const DEFAULT_NEED: Need = { state: "request", request: { resource: "cpu", percent: 80 } };
const ANNOTATION = "autoscaling.alpha.kubernetes.io/metrics";

/**
 * What the metrics of a HorizontalPodAutoscaler need. Utilization is a share of the request; average values, Pods, Object and
 * External metrics need none. Without metrics Kubernetes takes 80 % of CPU.
 */
export function horizontalMetrics(
  object: Pick<KubernetesObject, "kubernetes" | "props">,
): readonly Need[] {
  const spec = at(object.props, "spec");
  if (spec === UNKNOWN) {
    return [{ state: "unknown", what: "spec" }];
  }
  if (object.kubernetes.version === "v1") {
    return versionOne(object.props);
  }
  const metrics = at(spec, "metrics");
  if (metrics === UNKNOWN) {
    return [{ state: "unknown", what: "spec.metrics" }];
  }
  if (!isList(metrics) || metrics.length === 0) {
    return [DEFAULT_NEED];
  }
  return metrics.flatMap((metric, index) => needOf(metric, `spec.metrics[${index}]`));
}

/** autoscaling/v1 has one field for CPU, and an annotation for all else. */
function versionOne(props: Value): readonly Need[] {
  const percent = at(props, "spec", "targetCPUUtilizationPercentage");
  const annotation = at(props, "metadata", "annotations", ANNOTATION);
  const others = typeof annotation === "string" ? parsed(annotation) : [];
  const needs = others.flatMap((metric, index) => needOf(metric, `${ANNOTATION}[${index}]`));
  if (percent === undefined && (annotation === UNKNOWN || others.length > 0)) {
    return annotation === UNKNOWN ? [{ state: "unknown", what: ANNOTATION }] : needs;
  }
  const request = { resource: "cpu", ...percentOf(percent ?? 80) };
  return [{ state: "request", request }, ...needs];
}

function parsed(text: string): readonly Value[] {
  const document = parsedJson(text);
  return "problem" in document ? [] : items(document.value);
}

/** Where each type of metric that can be a share keeps its settings. */
const SOURCES = { Resource: "resource", ContainerResource: "containerResource" } as const;

function needOf(metric: Value, what: string): Need[] {
  const type = metric === UNKNOWN ? UNKNOWN : at(metric, "type");
  if (type === UNKNOWN) {
    const named = Object.values(SOURCES).find((field) => at(metric, field) !== undefined);
    const shares = metric !== UNKNOWN && named === undefined && sourceOf(metric) !== undefined;
    return shares ? [] : fromSource(metric, named, what, true);
  }
  const field = type === "Resource" || type === "ContainerResource" ? SOURCES[type] : undefined;
  return field === undefined ? [] : fromSource(metric, field, what, false);
}

/** The settings of a metric that is never a share of a request. */
function sourceOf(metric: Value): Value {
  return at(metric, "pods") ?? at(metric, "object") ?? at(metric, "external");
}

function fromSource(
  metric: Value,
  field: "resource" | "containerResource" | undefined,
  what: string,
  typeUnknown: boolean,
): Need[] {
  const source = field === undefined ? UNKNOWN : at(metric, field);
  const resource = at(source, "name");
  const container = field === "containerResource" ? at(source, "container") : undefined;
  const share = isShare(source);
  if (share === false) {
    return [];
  }
  if (typeof resource !== "string" || container === UNKNOWN) {
    return resource === UNKNOWN || container === UNKNOWN ? [{ state: "unknown", what }] : [];
  }
  const percent =
    at(source, "target", "averageUtilization") ?? at(source, "targetAverageUtilization");
  const request = {
    resource,
    ...(typeof container === "string" ? { container } : {}),
    ...percentOf(percent),
  };
  // The one field that is set tells the type.
  return share === UNKNOWN || (typeUnknown && field === undefined)
    ? [{ state: "unknown", what, request }]
    : [{ state: "request", request }];
}

/** Whether a target is a share of the request: the controller looks for an average value first. */
function isShare(source: Value): boolean | typeof UNKNOWN {
  const target = at(source, "target");
  const average = at(target, "averageValue") ?? at(source, "targetAverageValue");
  const type = at(target, "type");
  if (isSet(average)) {
    return false;
  }
  // The controller looks at the fields alone: a type that contradicts them changes nothing.
  const share = at(target, "averageUtilization") ?? at(source, "targetAverageUtilization");
  if (isSet(share)) {
    return average === UNKNOWN ? UNKNOWN : true;
  }
  if (type === "AverageValue" || type === "Value") {
    return false;
  }
  if (type === "Utilization") {
    return true;
  }
  return [source, target, average, type, share].includes(UNKNOWN) ? UNKNOWN : true;
}

/** Whether a value is there and known. */
function isSet(value: Value): boolean {
  return isGiven(value) && value !== UNKNOWN;
}

export function percentOf(value: Value): { readonly percent?: number } {
  return typeof value === "number" ? { percent: value } : {};
}
