import { LATER, type TestResource } from "../support";

/** A stack in which one value will be known only after the update. */
export interface UnknownVariant {
  /** Where, as in `web.spec.replicas`. */
  readonly path: string;
  readonly variant: readonly TestResource[];
}

/** Every value of a stack made unknown in turn: texts and numbers, and the lists and objects that they stand in. */
export function unknownVariants(stack: readonly TestResource[]): UnknownVariant[] {
  return stack.flatMap((resource, index) =>
    pathsIn(resource.props).map((path) => ({
      path: [resource.name ?? resource.type, ...path].join("."),
      variant: stack.map((other, place) =>
        place === index ? { ...other, props: replaced(other.props, path) } : other,
      ),
    })),
  );
}

type Path = readonly (string | number)[];

function pathsIn(value: unknown, path: Path = []): Path[] {
  const inner = Array.isArray(value)
    ? value.flatMap((item, index) => pathsIn(item, [...path, index]))
    : typeof value === "object" && value !== null
      ? Object.entries(value).flatMap(([key, item]) => pathsIn(item, [...path, key]))
      : [];
  return path.length === 0 || value === undefined || value === LATER ? inner : [path, ...inner];
}

function replaced<T>(value: T, path: Path): T {
  const copy = structuredClone(value);
  let parent: unknown = copy;
  for (const key of path.slice(0, -1)) {
    parent = Reflect.get(Object(parent) as object, key);
  }
  Reflect.set(Object(parent) as object, path.at(-1) ?? "", LATER);
  return copy;
}
