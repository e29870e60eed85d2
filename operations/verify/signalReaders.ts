import {
  ApiException,
  NetworkingV1Api,
  type V1NetworkPolicy,
  type V1NetworkPolicyIngressRule,
} from "@kubernetes/client-node";
import { SIGNALS_PORT } from "../../domain/gatewaySignals";
import { KEDA_PODS, type SelectedPods } from "../../domain/keda";
import { NAMESPACE_NAME_LABEL, projectSelector } from "../../domain/labels";
import { podsCommand, type Subject } from "./check";

type Where = Pick<Subject, "config" | "namespace">;

/**
 * The pods that may read the gateway's signals: KEDA's operator as `autoscaling.keda` of the stack names it, which its network policy
 * tells of a stack whose configuration is not at hand.
 *
 * @returns KEDA's usual pods where no policy names any, or none may be read
 */
export async function signalReaders(subject: Where): Promise<SelectedPods> {
  const [peer] = (await policies(subject))
    .flatMap(({ spec }) => spec?.ingress ?? [])
    .filter(opensSignals)
    .flatMap((rule) => rule._from ?? []);
  const where = peer?.namespaceSelector?.matchLabels?.[NAMESPACE_NAME_LABEL];
  const matchLabels = peer?.podSelector?.matchLabels;
  return where === undefined || matchLabels === undefined
    ? KEDA_PODS
    : { namespace: where, matchLabels };
}

/** The command that shows what the operator says. */
export async function operatorCommand(subject: Where): Promise<string> {
  return `${podsCommand(await signalReaders(subject))}, then their log`;
}

async function policies({ config, namespace }: Where): Promise<readonly V1NetworkPolicy[]> {
  try {
    const { items } = await config
      .makeApiClient(NetworkingV1Api)
      .listNamespacedNetworkPolicy({ namespace, labelSelector: projectSelector("gateway") });
    return items;
  } catch (error) {
    // They only say what a remedy names: a finding is not given up for them.
    if (error instanceof ApiException) {
      return [];
    }
    throw error;
  }
}

function opensSignals({ ports = [] }: V1NetworkPolicyIngressRule): boolean {
  return ports.some(({ port }) => port === SIGNALS_PORT);
}
