/** Compute resources of one container, as Kubernetes quantities (`500m`, `1Gi`). */
export interface ContainerResources {
  readonly requests: Readonly<Record<string, string>>;
  readonly limits: Readonly<Record<string, string>>;
}
