import { autoscaler, budget, container, deployment, METADATA, utilization } from "../../fixtures";
import { type TestResource } from "../../support";
import { object } from "../case";

export const RULE = "autoscaler-target-requests";
export const memory = { requests: { memory: "1Gi" } };
export const bare = container({ resources: {} });
export const noCpu = container({ resources: memory });
export const cpuOnly = autoscaler({ metrics: [utilization("cpu")] });
export const requesting = (requests: unknown, limits?: unknown) =>
  deployment({ containers: [container({ resources: { requests, limits } })] });
export const pods = (spec: Record<string, unknown>) => deployment(spec);
export const sidecar = container({ name: "proxy", restartPolicy: "Always", resources: {} });
export const containerMetric = (name: string) =>
  autoscaler({
    metrics: [
      {
        type: "ContainerResource",
        containerResource: {
          name: "cpu",
          container: name,
          target: { type: "Utilization", averageUtilization: 70 },
        },
      },
    ],
  });
export const average = {
  type: "Resource",
  resource: { name: "cpu", target: { type: "AverageValue", averageValue: "500m" } },
};
export const limitRange = (
  item: Record<string, unknown>,
  metadata: Record<string, unknown> = { name: "defaults", namespace: "shop" },
): TestResource =>
  object("core/v1:LimitRange", "defaults", {
    metadata,
    spec: { limits: [{ type: "Container", ...item }] },
  });
export const patch = (spec: Record<string, unknown>, name = "web"): TestResource =>
  object("apps/v1:DeploymentPatch", name, { spec: { template: { spec } } });
export const old = (version: string, spec: Record<string, unknown>, metadata: object = {}) =>
  autoscaler(
    { metrics: undefined, ...spec },
    {
      type: `kubernetes:autoscaling/${version}:HorizontalPodAutoscaler`,
      props: {
        ...autoscaler({ metrics: undefined, ...spec }).props,
        metadata: { ...METADATA, name: "web-hpa", ...metadata },
      },
    },
  );
export const kept = budget();
