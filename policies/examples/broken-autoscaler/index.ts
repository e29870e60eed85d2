/**
 * A workload and its autoscaler in the usual style: the namespace is an output of another resource, so that a first preview does
 * not know it. `pulumi preview --policy-pack node_modules/llm-gateway-policies` refuses it, and passes it with
 * `pulumi config set requests true`.
 */
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

const requests = new pulumi.Config().getBoolean("requests") ?? false;
const namespace = new k8s.core.v1.Namespace("shop");
const labels = { app: "web" };
const metadata = { name: "web", namespace: namespace.metadata.name };
const probe = { httpGet: { path: "/", port: 80 } };

new k8s.apps.v1.Deployment("web", {
  metadata,
  spec: {
    selector: { matchLabels: labels },
    template: {
      metadata: { labels },
      spec: {
        containers: [
          {
            name: "web",
            image: "nginx:1.29.4",
            readinessProbe: probe,
            livenessProbe: probe,
            ...(requests ? { resources: { requests: { cpu: "100m" } } } : {}),
          },
        ],
      },
    },
  },
});
new k8s.policy.v1.PodDisruptionBudget("web", {
  metadata,
  spec: { maxUnavailable: 1, selector: { matchLabels: labels } },
});
new k8s.autoscaling.v2.HorizontalPodAutoscaler("web", {
  metadata,
  spec: {
    scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "web" },
    minReplicas: 2,
    maxReplicas: 6,
    metrics: [
      {
        type: "Resource",
        resource: { name: "cpu", target: { type: "Utilization", averageUtilization: 70 } },
      },
    ],
  },
});
