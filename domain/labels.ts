/** The project that every object carries as `app.kubernetes.io/part-of`. */
export const PROJECT = "llm-gateway";

/**
 * Labels of one workload, by the recommended Kubernetes label set.
 *
 * @param name what runs, `app.kubernetes.io/name`; with `instance` it selects the pods and never changes
 * @param component the role inside the platform, `app.kubernetes.io/component`
 */
export function labels(name: string, component: string): Readonly<Record<string, string>> {
  return {
    ...selector(name),
    "app.kubernetes.io/component": component,
    "app.kubernetes.io/part-of": PROJECT,
    "app.kubernetes.io/managed-by": "pulumi",
  };
}

/** The part of {@link labels} that selects pods: immutable in a Deployment or StatefulSet, so it stays minimal. */
export function selector(name: string): Readonly<Record<string, string>> {
  return { "app.kubernetes.io/name": name };
}
