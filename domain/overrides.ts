/** Plain data of a manifest or of chart values. */
export type Tree = Readonly<Record<string, unknown>>;

/** Keys that tell the items of a list apart, by the name of the list, as in Kubernetes' strategic merge patch. */
const MERGE_KEYS: Readonly<Record<string, string>> = {
  containers: "name",
  env: "name",
  imagePullSecrets: "name",
  hostAliases: "ip",
  volumeMounts: "mountPath",
  volumes: "name",
};

/**
 * Lays `above` over `below`: maps merge key by key, lists of named things item by item, other lists are appended, and
 * anything else is replaced. Neither argument is changed; what `above` leaves out stays as it is.
 */
export function mergeManifest<Below extends object>(below: Below, above: object): Below;
export function mergeManifest(below: object, above: object): object {
  return merge({ ...below }, { ...above }, (key, left, right) => {
    const mergeKey = MERGE_KEYS[key];
    return mergeKey === undefined ? [...left, ...right] : mergeNamed(left, right, mergeKey);
  });
}

/** Lays chart values over others as Helm does: maps merge, anything else, lists too, is replaced. */
export function mergeValues(below: Tree, above: Tree): Tree {
  return merge(below, above, (_key, _left, right) => right);
}

type MergeLists = (
  key: string,
  below: readonly unknown[],
  above: readonly unknown[],
) => readonly unknown[];

function merge(below: Tree, above: Tree, lists: MergeLists): Tree {
  const merged: Record<string, unknown> = { ...below };
  for (const [key, value] of Object.entries(above)) {
    const present = Object.hasOwn(below, key) ? below[key] : undefined;
    if (value === undefined) {
      continue;
    }
    if (isList(present) && isList(value)) {
      merged[key] = lists(key, present, value);
    } else if (isTree(present) && isTree(value)) {
      merged[key] = merge(present, value, lists);
    } else {
      merged[key] = value;
    }
  }
  return merged;
}

function mergeNamed(
  below: readonly unknown[],
  above: readonly unknown[],
  mergeKey: string,
): readonly unknown[] {
  const nameOf = (item: unknown) => (isTree(item) ? item[mergeKey] : undefined);
  const names = below.map(nameOf);
  return [
    ...below.map((item) => {
      const other = above.find((candidate) => nameOf(candidate) === nameOf(item));
      return isTree(item) && isTree(other) ? mergeManifest(item, other) : item;
    }),
    ...above.filter((item) => !names.includes(nameOf(item))),
  ];
}

function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value);
}

function isTree(value: unknown): value is Tree {
  return (
    typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype
  );
}
