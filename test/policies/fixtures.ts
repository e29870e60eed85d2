import type { TestResource } from "./support";

export const METADATA = { name: "web", namespace: "shop" };

/** A container that no rule objects to. */
export function container(changes: Record<string, unknown> = {}): Record<string, unknown> {
  const probe = { httpGet: { path: "/", port: 80 } };
  return {
    name: "web",
    image: "registry/web:1.2.3",
    resources: { requests: { cpu: "1", memory: "1Gi" } },
    readinessProbe: probe,
    livenessProbe: probe,
    ...changes,
  };
}

/** A Deployment around pods of the given spec. */
export function deployment(
  podSpec: Record<string, unknown> = {},
  changes: Partial<TestResource> = {},
  spec: Record<string, unknown> = {},
): TestResource {
  return {
    type: "kubernetes:apps/v1:Deployment",
    name: "web",
    props: {
      metadata: METADATA,
      spec: {
        selector: { matchLabels: { app: "web" } },
        template: {
          metadata: { labels: { app: "web" } },
          spec: { containers: [container()], ...podSpec },
        },
        ...spec,
      },
    },
    ...changes,
  };
}

export const utilization = (name: string) => ({
  type: "Resource",
  resource: { name, target: { type: "Utilization", averageUtilization: 70 } },
});

/** An autoscaler of {@link deployment}. */
export function autoscaler(
  spec: Record<string, unknown> = {},
  changes: Partial<TestResource> = {},
): TestResource {
  return {
    type: "kubernetes:autoscaling/v2:HorizontalPodAutoscaler",
    name: "web-hpa",
    props: {
      metadata: { ...METADATA, name: "web-hpa" },
      spec: {
        scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "web" },
        minReplicas: 1,
        maxReplicas: 5,
        metrics: [utilization("cpu"), utilization("memory")],
        ...spec,
      },
    },
    ...changes,
  };
}

/** A disruption budget of {@link deployment}. */
export function budget(
  spec: Record<string, unknown> = {},
  changes: Partial<TestResource> = {},
): TestResource {
  return {
    type: "kubernetes:policy/v1:PodDisruptionBudget",
    name: "web-pdb",
    props: {
      metadata: { ...METADATA, name: "web-pdb" },
      spec: { maxUnavailable: 1, selector: { matchLabels: { app: "web" } }, ...spec },
    },
    ...changes,
  };
}

/** A container that requests memory alone. */
export const NO_CPU = container({ resources: { requests: { memory: "1Gi" } } });
