import { at, entries, isList, isTree, UNKNOWN, type Tree, type Value } from "./values";

/** API group, version and kind of a Pulumi type such as `kubernetes:apps/v1:DeploymentPatch`. */
export interface KubernetesType {
  /** API group, `core` for the unnamed one. */
  readonly group: string;
  readonly version: string;
  /** Kind without Pulumi's `Patch` suffix. */
  readonly kind: string;
  /** Whether it changes some fields of an object that something else creates. */
  readonly patch: boolean;
}

/** @returns undefined for what is no Kubernetes object: other packages, and components such as `kubernetes:yaml/v2:ConfigGroup` */
export function kubernetesType(type: string): KubernetesType | undefined {
  const match = /^kubernetes:(?:([\w.-]+)\/)?(\w+):(\w+)$/.exec(type);
  const [, group = "core", version, kind] = match ?? [];
  if (version === undefined || kind === undefined || COMPONENTS.test(type)) {
    return undefined;
  }
  const patch = /.Patch$/.test(kind);
  return { group, version, kind: patch ? kind.slice(0, -"Patch".length) : kind, patch };
}

const COMPONENTS = /^kubernetes:(yaml|kustomize|helm\.sh)[:/]/;

/** Whether a resource creates objects that only the cluster knows, or whose number is unknown until the update. */
export function isOpaque(type: string, props: Value): boolean {
  const items = at(props, "items");
  const unknown = items === UNKNOWN || (isList(items) && items.includes(UNKNOWN));
  return isRelease(type) || (/^kubernetes:.*List$/.test(type) && unknown);
}

export function isRelease(type: string): boolean {
  return type === "kubernetes:helm.sh/v3:Release";
}

/** Whether a resource is one of the SDK's components, which declare objects as their children. */
export function isComponent(type: string): boolean {
  return COMPONENTS.test(type) && !isRelease(type);
}

/** API groups whose kinds all clusters have: what is not in the stack under one of them can be said to be absent. */
const BUILT_IN: ReadonlySet<string> = new Set([
  "core",
  "apps",
  "batch",
  "extensions",
  "autoscaling",
]);

export function isBuiltIn(group: string): boolean {
  return BUILT_IN.has(group);
}

/** The API group that an `apiVersion` names: `core` for the unnamed one, undefined for none. */
export function groupOf(apiVersion: Value): Value {
  if (typeof apiVersion !== "string" || apiVersion === "") {
    return apiVersion === UNKNOWN ? UNKNOWN : undefined;
  }
  return apiVersion.includes("/") ? apiVersion.slice(0, apiVersion.indexOf("/")) : "core";
}

/** The objects that a list such as `kubernetes:apps/v1:DeploymentList` holds; undefined for what is no list. */
export function listed(type: KubernetesType, props: Value): readonly ListedObject[] | undefined {
  const kind = /^(\w*)List$/.exec(type.kind)?.[1];
  const items = at(props, "items");
  if (kind === undefined || !isList(items)) {
    return undefined;
  }
  return items.flatMap((item): ListedObject[] => {
    const own = at(item, "kind");
    const apiVersion = at(item, "apiVersion");
    const itemKind = typeof own === "string" ? own : kind;
    if (itemKind === "") {
      return [];
    }
    const group = groupOf(apiVersion);
    const version = typeof apiVersion === "string" ? apiVersion.split("/").at(-1) : undefined;
    return [
      {
        props: item,
        kubernetes: {
          group: typeof group === "string" ? group : type.group,
          version: version ?? type.version,
          kind: itemKind,
          patch: false,
        },
      },
    ];
  });
}

export interface ListedObject {
  readonly props: Value;
  readonly kubernetes: KubernetesType;
}

/** Lists whose items have an identity, and the field that has it: server-side apply merges them item by item. */
const MERGE_KEYS: ReadonlyMap<string, string> = new Map([
  ["containers", "name"],
  ["initContainers", "name"],
  ["ephemeralContainers", "name"],
  ["env", "name"],
  ["volumes", "name"],
  ["volumeMounts", "mountPath"],
  ["imagePullSecrets", "name"],
]);

/** An object with the fields that a patch applies to it, as server-side apply merges them. */
export function patched(base: Value, patch: Value, field = ""): Value {
  if (patch === undefined) {
    return base;
  }
  if (isTree(base) && isTree(patch)) {
    const merged: Record<string, Value> = { ...base };
    for (const [key, value] of entries(patch)) {
      merged[key] = patched(at(base, key), value, key);
    }
    return merged satisfies Tree;
  }
  if (base === UNKNOWN) {
    return UNKNOWN;
  }
  const key = MERGE_KEYS.get(field);
  if (key !== undefined && isList(base) && isList(patch)) {
    // Which item a patch changes cannot be told while a name is unknown.
    if ([...base, ...patch].some((item) => at(item, key) === UNKNOWN)) {
      return UNKNOWN;
    }
    const extra = patch.filter((item) => !base.some((other) => sameKey(other, item, key)));
    const changed = base.map((item) =>
      patched(
        item,
        patch.find((other) => sameKey(item, other, key)),
      ),
    );
    return [...changed, ...extra];
  }
  return patch;
}

function sameKey(left: Value, right: Value, key: string): boolean {
  const name = at(left, key);
  return typeof name === "string" && name === at(right, key);
}
