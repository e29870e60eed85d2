import { NetworkingV1Api, type V1NetworkPolicyIngressRule } from "@kubernetes/client-node";
import { SIGNALS_PORT } from "../../domain/gatewaySignals";
import { KEDA_PODS, type SelectedPods } from "../../domain/keda";
import type { Subject } from "./check";

/** By what Kubernetes labels each namespace. */
const NAMESPACE_NAME = "kubernetes.io/metadata.name";

/**
 * The pods that may read the gateway's signals: KEDA's operator as `autoscaling.keda` of the stack names it, which its network policy
 * tells of a stack whose configuration is not at hand.
 *
 * @returns KEDA's usual pods where no policy names any
 */
export async function signalReaders({
  config,
  namespace,
}: Pick<Subject, "config" | "namespace">): Promise<SelectedPods> {
  const { items } = await config
    .makeApiClient(NetworkingV1Api)
    .listNamespacedNetworkPolicy({ namespace });
  const [peer] = items
    .flatMap(({ spec }) => spec?.ingress ?? [])
    .filter(opensSignals)
    .flatMap((rule) => rule._from ?? []);
  const where = peer?.namespaceSelector?.matchLabels?.[NAMESPACE_NAME];
  const matchLabels = peer?.podSelector?.matchLabels;
  return where === undefined || matchLabels === undefined
    ? KEDA_PODS
    : { namespace: where, matchLabels };
}

function opensSignals({ ports = [] }: V1NetworkPolicyIngressRule): boolean {
  return ports.some(({ port }) => port === SIGNALS_PORT);
}
