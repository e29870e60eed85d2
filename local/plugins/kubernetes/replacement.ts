/**
 * Fields that the API server does not let change in place, by kind, as property paths. Taken from the Kubernetes API
 * reference; the official provider replaces on the same fields.
 */
const IMMUTABLE: Readonly<Record<string, readonly string[]>> = {
  Deployment: ["spec.selector"],
  DaemonSet: ["spec.selector"],
  StatefulSet: [
    "spec.selector",
    "spec.serviceName",
    "spec.volumeClaimTemplates",
    "spec.podManagementPolicy",
  ],
  Job: ["spec.selector", "spec.template", "spec.completions", "spec.completionMode"],
  PersistentVolumeClaim: [
    "spec.accessModes",
    "spec.storageClassName",
    "spec.volumeMode",
    "spec.selector",
  ],
  StorageClass: ["provisioner", "parameters", "reclaimPolicy", "volumeBindingMode"],
  RoleBinding: ["roleRef"],
  ClusterRoleBinding: ["roleRef"],
};

const IDENTITY = ["apiVersion", "kind", "metadata.name", "metadata.namespace"];

/** Those of the changed paths that make the object another one. */
export function replacingPaths(kind: string, changed: readonly string[]): string[] {
  const immutable = [...IDENTITY, ...(IMMUTABLE[kind] ?? [])];
  return changed.filter((path) =>
    immutable.some(
      (field) => path === field || path.startsWith(`${field}.`) || path.startsWith(`${field}[`),
    ),
  );
}

/** Whether the new object would have the old one's name, so that the old one must go first. */
export function keepsIdentity(replacing: readonly string[]): boolean {
  return !replacing.some((path) => IDENTITY.includes(path));
}
