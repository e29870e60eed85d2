import type { types } from "@pulumi/kubernetes";
import type { SelectedPods } from "../../domain/keda";
import { NAMESPACE_NAME_LABEL } from "../../domain/labels";

type Peer = types.input.networking.v1.NetworkPolicyPeer;
type Egress = types.input.networking.v1.NetworkPolicyEgressRule;

/** DNS, which every pod with an egress policy still needs. */
export const DNS_EGRESS: Egress = {
  to: [
    {
      namespaceSelector: { matchLabels: { [NAMESPACE_NAME_LABEL]: "kube-system" } },
      podSelector: { matchLabels: { "k8s-app": "kube-dns" } },
    },
  ],
  ports: [
    { protocol: "UDP", port: 53 },
    { protocol: "TCP", port: 53 },
  ],
};

/** The pods that `matchLabels` selects in `namespace`. */
export function podsIn(namespace: string, matchLabels: Readonly<Record<string, string>>): Peer {
  return {
    namespaceSelector: { matchLabels: { [NAMESPACE_NAME_LABEL]: namespace } },
    podSelector: { matchLabels },
  };
}

/** Pods that settings select. */
export function podsOf({ namespace, matchLabels }: SelectedPods): Peer {
  return podsIn(namespace, matchLabels);
}

/** One TCP port in the form of a network policy. */
export function tcp(port: number): { readonly protocol: "TCP"; readonly port: number } {
  return { protocol: "TCP", port };
}
