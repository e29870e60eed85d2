import { isOpaque, isRelease, patched } from "./kubernetes";
import { sameCluster, type Provider } from "./provider";
import {
  isSameObject,
  sourcesOf,
  withProps,
  type KubernetesObject,
  type Resource,
} from "./resource";
import { allOf, at, same, UNKNOWN, type Value } from "./values";
import { isKind } from "./workloads";

/**
 * A namespace as far as known. `inferred` when it is unknown itself, and the name is the declared one of the Namespace that it
 * was computed from; `source` marks the resource that it comes from where that has no known name either. Which output of a
 * resource a value was computed from is not known: both say that two namespaces may well be the same, never that they differ.
 */
export type Namespace =
  | { readonly name: string; readonly inferred: boolean }
  | { readonly source: string }
  | { readonly unknown: true };

/** The Kubernetes objects of a stack by cluster, namespace, kind and name. */
export class Objects {
  private readonly byKind = new Map<string, KubernetesObject[]>();
  private readonly byName = new Map<string, KubernetesObject[]>();
  private readonly byUrn = new Map<string, KubernetesObject[]>();
  /** Those of a kind whose name is unknown. */
  private readonly unnamed = new Map<string, KubernetesObject[]>();
  private readonly patches = new Map<string, KubernetesObject[]>();
  private readonly opaque: Resource[] = [];
  private readonly clusters = new Map<string, boolean | typeof UNKNOWN>();
  private readonly whole = new Map<KubernetesObject, KubernetesObject>();

  public add(resource: Resource): void {
    if (isOpaque(resource.type, resource.props)) {
      this.addOpaque(resource);
    }
    for (const object of resource.objects) {
      const { kind, patch } = object.kubernetes;
      const name = at(object.props, "metadata", "name");
      push(this.byUrn, object.urn, object);
      if (patch) {
        push(this.patches, keyOf(kind, name), object);
        this.whole.clear();
        continue;
      }
      push(this.byKind, kind, object);
      // Empty properties: those of a resource whose provider is not configured yet and that nothing recorded.
      if (typeof name === "string") {
        push(this.byName, keyOf(kind, name), object);
      } else if (name === UNKNOWN) {
        push(this.unnamed, kind, object);
      }
    }
  }

  /** Adds a resource that has objects which the engine does not see. */
  public addOpaque(resource: Resource): void {
    this.opaque.push(resource);
  }

  /**
   * The objects of a kind, each with what patches of the same stack add to it; patches of foreign objects are not among them.
   * @param group API group; of all groups when absent
   */
  public ofKind(kind: string, group?: string): readonly KubernetesObject[] {
    return (this.byKind.get(kind) ?? [])
      .filter(({ kubernetes }) => group === undefined || kubernetes.group === group)
      .map((object) => this.merged(object));
  }

  /** What writes the fields of an object: its own declaration, and the patches of the same stack. */
  public declarationsOf(object: KubernetesObject): readonly KubernetesObject[] {
    const own = this.byUrn.get(object.urn)?.find((other) => isSameObject(other, object)) ?? object;
    return [own, ...this.patchesOf(own)];
  }

  /** The objects of a kind that have the name, and those whose name is unknown. */
  public named(kind: string, name: Value): readonly KubernetesObject[] {
    const certain = this.byName.get(keyOf(kind, name)) ?? [];
    return [...certain, ...(this.unnamed.get(kind) ?? [])].map((object) => this.merged(object));
  }

  /** The objects of a kind that the program gave no name: Pulumi makes one up. */
  public autonamed(kind: string): readonly KubernetesObject[] {
    return (this.byKind.get(kind) ?? []).filter((object) => {
      const name = at(object.props, "metadata", "name");
      const annotation = at(object.props, "metadata", "annotations", "pulumi.com/autonamed");
      return name === undefined || name === null || annotation === "true";
    });
  }

  public withUrn(urn: string): readonly KubernetesObject[] {
    return (this.byUrn.get(urn) ?? []).map((object) => this.merged(object));
  }

  /** Patches of an object that the stack does not create. */
  public foreignPatches(kind: string, name: Value): readonly KubernetesObject[] {
    return this.patches.get(keyOf(kind, name)) ?? [];
  }

  /** Patches that may be of an object of the kind and name, were their own name or namespace known. */
  public uncertainPatches(
    kind: string,
    name: Value,
    object: KubernetesObject,
  ): readonly KubernetesObject[] {
    return [keyOf(kind, name), keyOf(kind, UNKNOWN)]
      .flatMap((key) => this.patches.get(key) ?? [])
      .filter((patch) => {
        const sameName = same(at(patch.props, "metadata", "name"), name);
        return allOf([sameName, this.together(patch, object)]) === UNKNOWN;
      });
  }

  /** Whether an object's cluster and namespace get others that the engine does not see, such as those of a Helm release. */
  public hasOpaque(object: KubernetesObject): boolean {
    const namespace = this.namespaceOf(object);
    return this.opaque.some(({ type, props, provider }) => {
      // A release installs into its namespace; a list or component says it of each object.
      const into = isRelease(type) ? (at(props, "namespace") ?? "default") : UNKNOWN;
      const named = "name" in namespace && !namespace.inferred ? namespace.name : undefined;
      const elsewhere = typeof into === "string" && named !== undefined && into !== named;
      return !elsewhere && this.sameCluster(provider, object.resource.provider) !== false;
    });
  }

  public sameCluster(left: Provider, right: Provider): boolean | typeof UNKNOWN {
    if (left.urn === right.urn) {
      return true;
    }
    const key = `${left.urn}\n${right.urn}`;
    const known = this.clusters.get(key);
    if (known !== undefined) {
      return known;
    }
    const same = sameCluster(left, right);
    this.clusters.set(key, same);
    return same;
  }

  /** Where an object lives: its own namespace, its provider's, or `default`. */
  public namespaceOf(object: KubernetesObject): Namespace {
    const own = at(object.props, "metadata", "namespace");
    const value = own ?? object.resource.provider.namespace ?? "default";
    if (typeof value === "string") {
      return { name: value === "" ? "default" : value, inferred: false };
    }
    if (value !== UNKNOWN) {
      return { unknown: true };
    }
    return own === UNKNOWN
      ? this.namespaceBehind(object)
      : { source: object.resource.provider.urn };
  }

  /** Whether an object's namespace is written, not concluded from what it was computed from. */
  public isInPlainNamespace(object: KubernetesObject): boolean {
    const namespace = this.namespaceOf(object);
    return "name" in namespace && !namespace.inferred;
  }

  /** The namespace of an object by the one Namespace that its metadata were computed from. */
  private namespaceBehind(object: KubernetesObject): Namespace {
    const namespaces = sourcesOf(object, "metadata").flatMap((urn) =>
      (this.byUrn.get(urn) ?? []).filter(({ kubernetes }) =>
        isKind(kubernetes, "core", "Namespace"),
      ),
    );
    const [namespace] = namespaces;
    if (namespace === undefined || namespaces.length > 1) {
      return { unknown: true };
    }
    const declared = at(namespace.props, "metadata", "name");
    return typeof declared === "string"
      ? { name: declared, inferred: true }
      : { source: namespace.urn };
  }

  /** Whether two objects are in one namespace of one cluster; UNKNOWN when that cannot be told. */
  public together(left: KubernetesObject, right: KubernetesObject): boolean | typeof UNKNOWN {
    return allOf([
      this.sameCluster(left.resource.provider, right.resource.provider),
      this.sameNamespace(left, right),
    ]);
  }

  public sameNamespace(left: KubernetesObject, right: KubernetesObject): boolean | typeof UNKNOWN {
    const [one, other] = [this.namespaceOf(left), this.namespaceOf(right)];
    if ("name" in one && "name" in other) {
      return one.name === other.name || (one.inferred || other.inferred ? UNKNOWN : false);
    }
    if ("source" in one && "source" in other) {
      return one.source === other.source ? true : UNKNOWN;
    }
    return UNKNOWN;
  }

  /** The object with all that patches of the same stack apply to it. */
  private merged(object: KubernetesObject): KubernetesObject {
    if (this.patches.size === 0) {
      return object;
    }
    const present = this.whole.get(object);
    if (present !== undefined) {
      return present;
    }
    const whole = this.patchesOf(object).reduce(
      (merged, patch) => withProps(merged, patched(merged.props, patch.props)),
      object,
    );
    this.whole.set(object, whole);
    return whole;
  }

  private patchesOf(object: KubernetesObject): readonly KubernetesObject[] {
    const { kind, group } = object.kubernetes;
    const name = at(object.props, "metadata", "name");
    return (this.patches.get(keyOf(kind, name)) ?? []).filter(
      (patch) =>
        patch !== object &&
        patch.kubernetes.group === group &&
        this.together(object, patch) === true,
    );
  }
}

function keyOf(kind: string, name: Value): string {
  return `${kind}/${typeof name === "string" ? name : ""}`;
}

function push<T>(map: Map<string, T[]>, key: string, value: T): void {
  const present = map.get(key);
  if (present === undefined) {
    map.set(key, [value]);
  } else {
    present.push(value);
  }
}
