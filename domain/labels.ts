/** The project that every object carries as `app.kubernetes.io/part-of`. */
export const PROJECT = "llm-gateway";

export const NAME_LABEL = "app.kubernetes.io/name";
export const ROLE_LABEL = "app.kubernetes.io/component";
export const PROJECT_LABEL = "app.kubernetes.io/part-of";

/** The label by which Kubernetes names each namespace, for selectors. */
export const NAMESPACE_NAME_LABEL = "kubernetes.io/metadata.name";

/** What an object is for inside the platform, `app.kubernetes.io/component`: first what runs as pods, then what serves them. */
export const ROLES = [
  "gateway",
  "server",
  "artifact",
  "migrations",
  "postgresql",
  "redis",
  "device-plugin",
  "headroom",
  "autoscaler",
  "credentials",
  "namespace",
  "network",
  "shared",
  "storage",
] as const;

export type Role = (typeof ROLES)[number];

/** Labels of one object, by the recommended Kubernetes label set. `name` is what runs: it selects the pods and never changes. */
export function labels(name: string, role: Role): Readonly<Record<string, string>> {
  return {
    ...selector(name),
    [ROLE_LABEL]: role,
    [PROJECT_LABEL]: PROJECT,
    "app.kubernetes.io/managed-by": "pulumi",
  };
}

/** The part of {@link labels} that selects pods: immutable in a Deployment or StatefulSet, so it stays minimal. */
export function selector(name: string): Readonly<Record<string, string>> {
  return { [NAME_LABEL]: name };
}

/** What the platform's objects of one role have in common, or all of its objects without a role. */
export function projectLabels(role?: Role): Readonly<Record<string, string>> {
  return { ...(role === undefined ? {} : { [ROLE_LABEL]: role }), [PROJECT_LABEL]: PROJECT };
}

/** {@link projectLabels} as the text of a Kubernetes label selector: `key=value,key=value`. */
export function projectSelector(role?: Role): string {
  return selectorText(projectLabels(role));
}

/** Labels as Kubernetes and kubectl take them in a request: `key=value,key=value`. */
export function selectorText(matchLabels: Readonly<Record<string, string>>): string {
  return Object.entries(matchLabels)
    .map((pair) => pair.join("="))
    .join(",");
}
