import type { KubernetesObject, V1Pod } from "@kubernetes/client-node";
import { loopbackOf } from "./addresses";

interface PortForward extends KubernetesObject {
  readonly spec: {
    readonly forwards: readonly {
      readonly ports: readonly number[];
      readonly target: { readonly address: string; readonly port: number };
    }[];
  };
}

/** Tells KWOK, which answers `kubectl port-forward`, where the process of a pod listens. It goes when the pod goes. */
export function portForwardOf(pod: V1Pod, address: string): PortForward {
  const { name = "", namespace = "", uid = "" } = pod.metadata ?? {};
  const ports = (pod.spec?.containers ?? []).flatMap((container) => container.ports ?? []);
  return {
    apiVersion: "kwok.x-k8s.io/v1alpha1",
    kind: "PortForward",
    metadata: {
      name,
      namespace,
      ownerReferences: [{ apiVersion: "v1", kind: "Pod", name, uid }],
    },
    spec: {
      forwards: ports.map(({ containerPort }) => ({
        ports: [containerPort],
        target: { address: loopbackOf(address), port: containerPort },
      })),
    },
  };
}
