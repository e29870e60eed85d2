import type { KubeConfig } from "@kubernetes/client-node";
import { GATEWAY } from "../../domain/names";
import type * as checklist from "../stack/checklist";
import type { GatewayClient } from "../stack/gatewayClient";

/** What checks look at. */
export interface Subject {
  readonly config: KubeConfig;
  /** Namespace of the gateway. */
  readonly namespace: string;
  readonly modelNamespace: string;
  readonly gateway: GatewayClient;
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
