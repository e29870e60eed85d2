import type { KubernetesObject } from "./resource";

/**
 * Whether the program ignores changes to a property of an object, in whatever spelling Pulumi takes: `spec.replicas`,
 * `spec["replicas"]`, a property above it, or `*` in the place of a name.
 */
export function ignoresChanges(object: KubernetesObject, ...path: readonly string[]): boolean {
  const whole = [...object.path, ...path];
  return object.resource.ignoreChanges.some((ignored) => {
    const parts = partsOf(ignored);
    return (
      parts.length > 0 &&
      parts.length <= whole.length &&
      parts.every((part, index) => part === "*" || part === whole[index])
    );
  });
}

/** The names in a property path. */
function partsOf(path: string): string[] {
  const found = path.matchAll(/\[\s*"((?:[^"\\]|\\.)*)"\s*\]|\[\s*'([^']*)'\s*\]|([^.[\]\s]+)/g);
  return [...found].map(([, double, single, plain]) => double ?? single ?? plain ?? "");
}
