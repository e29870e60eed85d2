import type { Objects } from "../resources/objects";
import type { KubernetesObject } from "../resources/resource";
import { at, UNKNOWN, type Value } from "../resources/values";
import { horizontalMetrics, type Need } from "./metrics";
import { triggerNeeds } from "./triggers";

/** What scales a workload: a HorizontalPodAutoscaler, or a ScaledObject from which KEDA makes one. */
export interface Autoscaler {
  readonly object: KubernetesObject;
  readonly source: "kubernetes" | "keda";
  /** The target as the API server completes the reference. */
  readonly target: { readonly apiVersion: Value; readonly kind: Value; readonly name: Value };
  readonly needs: readonly Need[];
  readonly least: Value;
  readonly most: Value;
}

/** An autoscaler with the workload that it scales. */
export interface Scaled {
  readonly autoscaler: Autoscaler;
  readonly target: KubernetesObject;
}

/** Kinds of autoscalers: the key is the kind, the value its API group. */
const KINDS: ReadonlyMap<string, string> = new Map([
  ["HorizontalPodAutoscaler", "autoscaling"],
  ["ScaledObject", "keda.sh"],
]);

export function isAutoscaler({ kubernetes: { group, kind } }: KubernetesObject): boolean {
  return KINDS.get(kind) === group;
}

/** The autoscalers that the stack creates, with what patches of the same stack add to them. */
export function autoscalersIn(objects: Objects): Autoscaler[] {
  return [...KINDS.keys()]
    .flatMap((kind) => objects.ofKind(kind))
    .filter(isAutoscaler)
    .map(readAutoscaler);
}

const READ = new WeakMap<KubernetesObject, Autoscaler>();

export function readAutoscaler(object: KubernetesObject): Autoscaler {
  const present = READ.get(object) ?? read(object);
  READ.set(object, present);
  return present;
}

function read(object: KubernetesObject): Autoscaler {
  const spec = at(object.props, "spec");
  const reference = at(spec, "scaleTargetRef");
  const target: Autoscaler["target"] = {
    apiVersion: at(reference, "apiVersion"),
    kind: at(reference, "kind"),
    name: at(reference, "name"),
  };
  return object.kubernetes.kind === "ScaledObject"
    ? {
        object,
        source: "keda",
        target: {
          ...target,
          apiVersion: orDefault(target.apiVersion, "apps/v1"),
          kind: orDefault(target.kind, "Deployment"),
        },
        needs: triggerNeeds(spec),
        least: orDefault(at(spec, "minReplicaCount"), 0),
        most: orDefault(at(spec, "maxReplicaCount"), 100),
      }
    : {
        object,
        source: "kubernetes",
        target,
        needs: horizontalMetrics(object),
        least: orDefault(at(spec, "minReplicas"), 1),
        most: at(spec, "maxReplicas"),
      };
}

const BEHAVIOR = {
  kubernetes: ["behavior"],
  keda: ["advanced", "horizontalPodAutoscalerConfig", "behavior"],
} as const;
/** Where versions before v2 keep it. */
const BEHAVIOR_ANNOTATION = "autoscaling.alpha.kubernetes.io/behavior";

/** How fast and how willingly an autoscaler scales in either direction; UNKNOWN where an annotation says it. */
export function behaviorOf({ object, source }: Autoscaler): Value {
  const annotated = at(object.props, "metadata", "annotations", BEHAVIOR_ANNOTATION);
  return annotated === undefined ? at(object.props, "spec", ...BEHAVIOR[source]) : UNKNOWN;
}

function orDefault(value: Value, fallback: Value): Value {
  return value === undefined || value === null || value === "" ? fallback : value;
}

/** `Deployment litellm/litellm`: how configuration and messages name an autoscaler's target. */
export function targetName(autoscaler: Autoscaler, objects: Objects): string {
  const text = (value: Value) =>
    typeof value === "string" ? value : value === UNKNOWN ? "(unknown)" : "(none)";
  const namespace = objects.namespaceOf(autoscaler.object);
  const place = "name" in namespace ? namespace.name : "(unknown)";
  return `${text(autoscaler.target.kind)} ${place}/${text(autoscaler.target.name)}`;
}
