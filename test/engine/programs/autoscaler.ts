/**
 * A workload and its autoscaler on a cluster whose kubeconfig only the update will know, as when the same stack creates
 * the cluster. The stack's configuration says whether the container has its requests.
 */
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";

const requests = new pulumi.Config().requireBoolean("requests");
const later = new random.RandomPassword("later", { length: 8, special: false });
const provider = new k8s.Provider("cluster", { kubeconfig: later.result });
const labels = { app: "web" };
const metadata = { name: "web", namespace: "default" };
const probe = { tcpSocket: { port: 80 } };

const workload = new k8s.apps.v1.Deployment(
  "web",
  {
    metadata,
    spec: {
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: {
          containers: [
            {
              name: "web",
              image: "registry/web:1.0.0",
              readinessProbe: probe,
              livenessProbe: probe,
              ...(requests ? { resources: { requests: { cpu: "1" } } } : {}),
            },
          ],
        },
      },
    },
  },
  { provider },
);
new k8s.policy.v1.PodDisruptionBudget(
  "web",
  { metadata, spec: { maxUnavailable: 1, selector: { matchLabels: labels } } },
  { provider },
);
new k8s.autoscaling.v2.HorizontalPodAutoscaler(
  "web",
  {
    metadata,
    spec: {
      scaleTargetRef: {
        apiVersion: "apps/v1",
        kind: "Deployment",
        name: workload.metadata.name,
      },
      minReplicas: 1,
      maxReplicas: 3,
      metrics: [
        {
          type: "Resource",
          resource: { name: "cpu", target: { type: "Utilization", averageUtilization: 70 } },
        },
      ],
    },
  },
  { provider },
);
