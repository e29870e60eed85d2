import type { PolicyResource, ResourceValidationArgs } from "@pulumi/policy";
import { kubernetesType, listed, type KubernetesType } from "./kubernetes";
import { providerOf, type Provider } from "./provider";
import { at, isTree, snapshot, UNKNOWN, type Value } from "./values";

/** A resource of the stack, as its inputs describe it. */
export interface Resource {
  readonly urn: string;
  readonly type: string;
  /** Name in the program. */
  readonly programName: string;
  /** Name of the stack. */
  readonly stackName: string;
  readonly props: Value;
  readonly provider: Provider;
  readonly ignoreChanges: readonly string[];
  readonly protect: boolean;
  /** URNs that each property depends on, known even where its value is not; empty while the stack is still registering. */
  readonly propertyDependencies: Readonly<Record<string, readonly string[]>>;
  /** Whether the stack creates it and `props` are its inputs; a resource that `get` reads has the live object instead. */
  readonly declared: boolean;
  /** The Kubernetes objects in it: itself, the items of a list, none for everything else. */
  readonly objects: readonly KubernetesObject[];
}

/** A Kubernetes object of the stack. */
export interface KubernetesObject {
  readonly resource: Resource;
  readonly urn: string;
  readonly kubernetes: KubernetesType;
  readonly props: Value;
  /** `Deployment litellm/litellm` or, where the name is unknown, the resource's name in the program. */
  readonly name: string;
  /** Where it stands in the properties of its resource: empty, or its place in a list. */
  readonly path: readonly string[];
}

/**
 * Describes a resource of the SDK.
 * @param declared whether its properties are inputs, as far as the caller knows; a live object gives itself away
 * @param props its properties instead of the SDK's
 */
export function describe(
  source: ResourceValidationArgs | PolicyResource,
  declared: boolean,
  props: Value = snapshot(source.props),
): Resource {
  return resourceOf(source, declared, unknownIfEmpty(source.type, props));
}

/** While its provider is not configured, the engine knows nothing of a Kubernetes object's outputs. */
function unknownIfEmpty(type: string, props: Value): Value {
  return kubernetesType(type) !== undefined && isTree(props) && Object.keys(props).length === 0
    ? UNKNOWN
    : props;
}

function resourceOf(
  source: ResourceValidationArgs | PolicyResource,
  declared: boolean,
  props: Value,
): Resource {
  const resource: Resource = {
    urn: source.urn,
    type: source.type,
    programName: source.name,
    stackName: source.urn.split("::")[0]?.replace("urn:pulumi:", "") ?? "",
    props,
    provider: providerOf(source.provider),
    ignoreChanges: source.opts.ignoreChanges,
    protect: source.opts.protect,
    propertyDependencies: "propertyDependencies" in source ? dependenciesOf(source) : {},
    declared: declared && !isLive(props),
    objects: [],
  };
  return { ...resource, objects: objectsIn(resource) };
}

/** Only the API server writes these. */
function isLive(props: Value): boolean {
  const metadata = at(props, "metadata");
  const observed = at(props, "status", "observedGeneration");
  return (
    observed !== undefined ||
    (isTree(metadata) && (metadata.uid !== undefined || metadata.resourceVersion !== undefined))
  );
}

function objectsIn(resource: Resource): KubernetesObject[] {
  const type = kubernetesType(resource.type);
  if (type === undefined) {
    return [];
  }
  const items = listed(type, resource.props);
  return items === undefined
    ? [object(resource, type, resource.props, [])]
    : items.map(({ kubernetes, props }, index) =>
        object(resource, kubernetes, props, ["items", String(index)]),
      );
}

function object(
  resource: Resource,
  kubernetes: KubernetesType,
  props: Value,
  path: readonly string[],
): KubernetesObject {
  const programName = [resource.programName, ...path].join(".");
  return {
    resource,
    urn: resource.urn,
    kubernetes,
    props,
    name: displayName(kubernetes.kind, props, programName),
    path,
  };
}

/** Whether two descriptions are of one object: the items of a list share their resource. */
export function isSameObject(left: KubernetesObject, right: KubernetesObject): boolean {
  return left.urn === right.urn && left.path.join(".") === right.path.join(".");
}

/** URNs that a property of an object was computed from; those of the whole list for one of its items. */
export function sourcesOf(
  { resource, path }: KubernetesObject,
  property: string,
): readonly string[] {
  return resource.propertyDependencies[path[0] ?? property] ?? [];
}

/** The same object with other properties, as a patch leaves it. */
export function withProps(base: KubernetesObject, props: Value): KubernetesObject {
  return { ...base, props };
}

function displayName(kind: string, props: Value, programName: string): string {
  const name = at(props, "metadata", "name");
  const namespace = at(props, "metadata", "namespace");
  if (typeof name !== "string") {
    return `${kind} "${programName}"`;
  }
  return typeof namespace === "string" ? `${kind} ${namespace}/${name}` : `${kind} ${name}`;
}

function dependenciesOf(resource: PolicyResource): Record<string, string[]> {
  return Object.fromEntries(
    Object.entries(resource.propertyDependencies).map(([property, resources]) => [
      property,
      resources.map(({ urn }) => urn),
    ]),
  );
}
