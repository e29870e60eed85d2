import type { TestResource } from "../support";

/** A small stack whose truth is known. */
export interface Case {
  /** What is special about it. */
  readonly name: string;
  /** Why it is good, or what would go wrong. */
  readonly why: string;
  /** The rule that has to refuse it; absent for a good stack. */
  readonly refusedBy?: string;
  readonly stack: readonly TestResource[];
}

export const good = (name: string, why: string, ...stack: readonly TestResource[]): Case => ({
  name,
  why,
  stack,
});

export const bad = (
  refusedBy: string,
  name: string,
  why: string,
  ...stack: readonly TestResource[]
): Case => ({ name, why, refusedBy, stack });

/** A resource of Kubernetes by group, version and kind, such as `core/v1:LimitRange`. */
export function object(
  type: string,
  name: string,
  fields: Record<string, unknown>,
  changes: Partial<TestResource> = {},
): TestResource {
  return {
    type: `kubernetes:${type}`,
    name: `${name}-${type.split(":")[1] ?? ""}`,
    props: { metadata: { name, namespace: "shop" }, ...fields },
    ...changes,
  };
}
