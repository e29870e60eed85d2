import { stringify } from "yaml";

/**
 * What an API server has to know of metrics-server, as a kustomization: kwokctl fills in port and address, and would download
 * the manifests of a release otherwise.
 *
 * @returns content by file name
 */
export function metricsServerKustomization(): Readonly<Record<string, string>> {
  const service = { name: "metrics-server", namespace: "kube-system" };
  return {
    "kustomization.yaml": stringify({
      apiVersion: "kustomize.config.k8s.io/v1beta1",
      kind: "Kustomization",
      resources: ["apiservice.yaml", "service.yaml"],
    }),
    "apiservice.yaml": stringify({
      apiVersion: "apiregistration.k8s.io/v1",
      kind: "APIService",
      metadata: { name: "v1beta1.metrics.k8s.io" },
      spec: {
        group: "metrics.k8s.io",
        version: "v1beta1",
        service,
        insecureSkipTLSVerify: true,
        groupPriorityMinimum: 100,
        versionPriority: 100,
      },
    }),
    "service.yaml": stringify({
      apiVersion: "v1",
      kind: "Service",
      metadata: service,
      spec: { ports: [{ name: "https", port: 443, targetPort: "https" }] },
    }),
  };
}
