/**
 * A workload and its autoscaler in the usual style: the namespace is an output of another resource, on a cluster whose kubeconfig
 * only the update will know, as when the same stack creates the cluster. The stack's configuration says whether the container
 * has its requests, and a folder that takes the place of a cluster if all of that is known from the start.
 */
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";

const config = new pulumi.Config();
const requests = config.requireBoolean("requests");
const folder = config.get("folder");
const later = new random.RandomPassword("later", { length: 8, special: false });
if (folder !== undefined) {
  // The SDK would hand it to the provider, which refuses it beside a folder.
  delete process.env.KUBECONFIG;
}
const provider = new k8s.Provider(
  "cluster",
  // The provider writes manifests into a folder instead of asking a cluster.
  folder === undefined ? { kubeconfig: later.result } : { renderYamlToDirectory: folder },
);
const labels = { app: "web" };
const metadata = {
  name: "web",
  namespace:
    folder === undefined
      ? new k8s.core.v1.Namespace("shop", {}, { provider }).metadata.name
      : "default",
};
const probe = { tcpSocket: { port: 80 } };

new k8s.apps.v1.Deployment(
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
        name: "web",
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
