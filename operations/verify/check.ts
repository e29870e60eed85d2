import type { KubeConfig } from "@kubernetes/client-node";
import type { SelectedPods } from "../../domain/keda";
import { selectorText } from "../../domain/labels";
import { GATEWAY_MODEL_PREFIX } from "../../domain/models/model";
import { GATEWAY } from "../../domain/names";
import type * as checklist from "../stack/checklist";
import type { GatewayClient } from "../stack/gatewayClient";
import type { PodPages } from "../stack/podPage";

/** What checks look at. */
export interface Subject {
  readonly config: KubeConfig;
  /** Namespace of the gateway. */
  readonly namespace: string;
  readonly modelNamespace: string;
  readonly gateway: GatewayClient;
  /** Reads pages of pods. */
  readonly page: PodPages;
  /** Whether checks may disturb what runs. */
  readonly disturb: boolean;
  /** Ends the checklist early; what a check has disturbed is put right first. */
  readonly signal: AbortSignal;
}

/** One line of the checklist. */
export type Check = checklist.Check<Subject>;

/** The command that shows the gateway's log. */
export function logCommand(namespace: string): string {
  return `kubectl -n ${namespace} logs deployment/${GATEWAY}`;
}

/** The command that shows pods of KEDA's. */
export function podsCommand({ namespace, matchLabels }: SelectedPods): string {
  return `kubectl -n ${namespace} get pods -l ${selectorText(matchLabels)}`;
}

/** The workload of a model, by what the gateway calls it. */
export function workloadOf(model: string): string {
  return model.slice(GATEWAY_MODEL_PREFIX.length);
}
