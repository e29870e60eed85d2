import { groupOf, isBuiltIn } from "../resources/kubernetes";
import type { Objects } from "../resources/objects";
import { sourcesOf, type KubernetesObject } from "../resources/resource";
import { allOf, at, same, UNKNOWN } from "../resources/values";
import { hasPods } from "../resources/workloads";
import { targetName, type Autoscaler } from "./autoscaler";

/** What is known about an autoscaler's target. */
export type TargetSearch =
  | {
      readonly state: "found";
      readonly target: KubernetesObject;
      /** Whether the stack only patches it, or may patch it too, so that what is not there may be elsewhere. */
      readonly partial: boolean;
    }
  /** No autoscaler can scale what it names. */
  | { readonly state: "unscalable"; readonly reason: string }
  | { readonly state: "missing"; readonly hint: string | undefined }
  /** A preview, or this pack, cannot tell. */
  | { readonly state: "undecided"; readonly reason: string }
  /** It names no target: a patch that changes something else, or a mistake that another rule reports. */
  | { readonly state: "unnamed" };

/** Kinds of Kubernetes itself with a scale subresource. */
const SCALABLE: readonly string[] = [
  "Deployment",
  "StatefulSet",
  "ReplicaSet",
  "ReplicationController",
];

/**
 * Finds the workload that an autoscaler scales: by kind, API group, cluster, namespace and name, and where one of those is
 * unknown, by what the autoscaler's `spec` was computed from.
 */
export function findTarget(autoscaler: Autoscaler, objects: Objects): TargetSearch {
  const { apiVersion, kind, name } = autoscaler.target;
  const group = groupOf(apiVersion);
  if (name === undefined || name === null || (kind !== UNKNOWN && typeof kind !== "string")) {
    return { state: "unnamed" };
  }
  if (typeof kind === "string" && isFixed(kind, group)) {
    return {
      state: "unscalable",
      reason: `a ${kind} has no scale subresource; name one of ${SCALABLE.join(", ")}`,
    };
  }
  const candidates = candidatesOf(autoscaler, objects).filter(
    (object) => matches(object, autoscaler, objects) !== false,
  );
  const matching = candidates.filter((object) => matches(object, autoscaler, objects) === true);
  // A namespace has one object of a kind and name: two show that the source of their namespaces has several outputs.
  const twins = matching.filter((object) => !objects.isInPlainNamespace(object));
  const certain =
    twins.length > 1 ? matching.filter((object) => objects.isInPlainNamespace(object)) : matching;
  const [best] = certain.sort((left, right) => rank(left, autoscaler) - rank(right, autoscaler));
  const linked = linkedTo(autoscaler, candidates);
  const target = best ?? (linked.length === 1 ? linked[0] : undefined);
  if (target !== undefined) {
    const { kind: own } = target.kubernetes;
    const uncertain = objects.uncertainPatches(own, at(target.props, "metadata", "name"), target);
    return { state: "found", target, partial: uncertain.length > 0 };
  }
  return candidates.length > 0
    ? { state: "undecided", reason: uncertainty(autoscaler, candidates, objects) }
    : absent(autoscaler, objects);
}

function isFixed(kind: string, group: ReturnType<typeof groupOf>): boolean {
  const known = group === undefined || (typeof group === "string" && isBuiltIn(group));
  const custom = group === undefined && !BUILT_IN_KINDS.includes(kind);
  return known && !custom && !SCALABLE.includes(kind);
}

/** Kinds of Kubernetes itself that run or hold something and cannot be scaled. */
const BUILT_IN_KINDS: readonly string[] = [
  ...["Pod", "DaemonSet", "Job", "CronJob", "Service", "ConfigMap", "Secret", "Namespace"],
  ...["Node", "PodTemplate", "HorizontalPodAutoscaler", "ControllerRevision"],
];

function candidatesOf({ object, target }: Autoscaler, objects: Objects) {
  const { kind, name } = target;
  if (typeof kind === "string") {
    return name === UNKNOWN ? objects.ofKind(kind) : objects.named(kind, name);
  }
  const sources = sourcesOf(object, "spec");
  return sources
    .flatMap((urn) => objects.withUrn(urn))
    .filter((source) => !source.kubernetes.patch && hasPods(source.kubernetes));
}

/** Its own provider first, then what the stack creates before what it reads. */
function rank(object: KubernetesObject, autoscaler: Autoscaler): number {
  const foreign = object.resource.provider.urn === autoscaler.object.resource.provider.urn ? 0 : 2;
  return foreign + (object.resource.declared ? 0 : 1);
}

function linkedTo({ object, target }: Autoscaler, candidates: readonly KubernetesObject[]) {
  const sources = sourcesOf(object, "spec");
  return target.name === UNKNOWN || target.kind === UNKNOWN
    ? candidates.filter(({ urn }) => sources.includes(urn))
    : [];
}

/** Whether `object` is what the reference names; UNKNOWN when a part of either is. */
function matches(
  object: KubernetesObject,
  { object: autoscaler, target }: Autoscaler,
  objects: Objects,
): boolean | typeof UNKNOWN {
  const group = groupOf(target.apiVersion);
  return allOf([
    same(target.kind, object.kubernetes.kind),
    // Which workload is meant is plain without the group too; a reference that has none is refused by itself.
    typeof group !== "string" || group === "core"
      ? true
      : sameGroup(group, object.kubernetes.group),
    same(target.name, at(object.props, "metadata", "name")),
    objects.together(autoscaler, object),
  ]);
}

/** Deployments of `extensions` and of `apps` are the same objects. */
function sameGroup(left: string, right: string): boolean {
  const plain = (group: string) => (group === "extensions" ? "apps" : group);
  return plain(left) === plain(right);
}

function uncertainty(
  autoscaler: Autoscaler,
  candidates: readonly KubernetesObject[],
  objects: Objects,
): string {
  const elsewhere = candidates.filter(
    ({ resource }) =>
      objects.sameCluster(resource.provider, autoscaler.object.resource.provider) === UNKNOWN,
  );
  const names = candidates.slice(0, 5).map((object) => object.name);
  const more = candidates.length > 5 ? ` and ${candidates.length - 5} more` : "";
  const target = targetName(autoscaler, objects);
  return elsewhere.length === candidates.length
    ? `its target ${target} is found under another provider, ${elsewhere[0]?.resource.provider.name ?? ""}; give both the same provider, or the same kubeconfig and context`
    : `its target ${target} could be any of ${names.join(", ")}${more}`;
}

/** What to say of a target that the stack does not have. */
function absent(autoscaler: Autoscaler, objects: Objects): TargetSearch {
  const { apiVersion, kind, name } = autoscaler.target;
  const group = groupOf(apiVersion);
  if (typeof kind === "string" && typeof group === "string" && isNoGroup(group)) {
    return { state: "missing", hint: groupHint(group, kind, name, autoscaler, objects) };
  }
  if (typeof kind !== "string" || apiVersion === UNKNOWN || name === UNKNOWN) {
    return {
      state: "undecided",
      reason: `its target ${targetName(autoscaler, objects)} is unknown until the update`,
    };
  }
  const [patch] = objects
    .foreignPatches(kind, name)
    .filter((object) => objects.together(object, autoscaler.object) === true);
  if (patch !== undefined) {
    return { state: "found", target: patch, partial: true };
  }
  if (objects.uncertainPatches(kind, name, autoscaler.object).length > 0) {
    return {
      state: "undecided",
      reason: `whether the stack patches ${targetName(autoscaler, objects)} is unknown until the update`,
    };
  }
  if (objects.hasOpaque(autoscaler.object)) {
    return {
      state: "undecided",
      reason: `its target ${targetName(autoscaler, objects)} may be among objects that the engine does not see: of a Helm release, or of a list or component that is unknown until the update`,
    };
  }
  if (typeof group === "string" && !isBuiltIn(group) && !hasPods({ group, kind })) {
    return {
      state: "undecided",
      reason: `whether ${targetName(autoscaler, objects)} is there, and what its pods request, cannot be judged: this pack does not know the kind`,
    };
  }
  return { state: "missing", hint: hintFor(kind, name, autoscaler, objects) };
}

/** Whether no cluster has the group: a group that is not Kubernetes' own has a dot in its name, which the API server demands. */
function isNoGroup(group: string): boolean {
  return !group.includes(".") && !isBuiltIn(group) && group !== "policy";
}

function groupHint(
  group: string,
  kind: string,
  name: TargetNameValue,
  { object }: Autoscaler,
  objects: Objects,
): string {
  const [meant] = objects
    .named(kind, name)
    .filter((candidate) => objects.together(candidate, object) === true);
  return meant === undefined
    ? `there is no API group "${group}"`
    : `there is no API group "${group}", and ${meant.name} is of ${meant.kubernetes.group}/${meant.kubernetes.version}`;
}

function hintFor(
  kind: string,
  name: TargetNameValue,
  { object }: Autoscaler,
  objects: Objects,
): string | undefined {
  const elsewhere = objects.named(kind, name)[0];
  if (elsewhere !== undefined) {
    return `${elsewhere.name} is in another namespace or cluster`;
  }
  const generated = objects
    .autonamed(kind)
    .find(
      (candidate) =>
        candidate.resource.programName === name && objects.together(candidate, object) !== false,
    );
  return generated === undefined
    ? undefined
    : `Pulumi adds random characters to the name of ${kind} "${generated.resource.programName}", which has no metadata.name; give it one, or refer to its metadata.name`;
}

type TargetNameValue = Autoscaler["target"]["name"];
