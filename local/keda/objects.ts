import type {
  KubernetesObject,
  V1APIService,
  V1Namespace,
  V1Service,
} from "@kubernetes/client-node";
import { EXTERNAL_METRICS, EXTERNAL_METRICS_API, KEDA_NAMESPACE } from "../../domain/keda";

/** An object that an API server can be given. */
type Applied<T extends KubernetesObject> = T & { readonly metadata: { readonly name: string } };

const SERVICE = "keda-metrics-apiserver";

/**
 * What an API server has to know of KEDA's metrics adapter: that it owns external metrics, and where it listens. As in KEDA's chart, but
 * for the Service, which names this machine.
 *
 * @param port of the adapter on loopback
 */
export function adapterObjects(
  port: number,
): readonly [Applied<V1Namespace>, Applied<V1Service>, Applied<V1APIService>] {
  return [
    { apiVersion: "v1", kind: "Namespace", metadata: { name: KEDA_NAMESPACE } },
    {
      apiVersion: "v1",
      kind: "Service",
      metadata: { name: SERVICE, namespace: KEDA_NAMESPACE },
      spec: { type: "ExternalName", externalName: "localhost", ports: [{ name: "https", port }] },
    },
    {
      apiVersion: "apiregistration.k8s.io/v1",
      kind: "APIService",
      metadata: { name: EXTERNAL_METRICS_API },
      spec: {
        ...EXTERNAL_METRICS,
        service: { name: SERVICE, namespace: KEDA_NAMESPACE, port },
        // As for metrics-server: the environment's certificate is for localhost, and is asked for by the Service's name.
        insecureSkipTLSVerify: true,
        groupPriorityMinimum: 100,
        versionPriority: 100,
      },
    },
  ];
}
