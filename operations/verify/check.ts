import type { KubeConfig } from "@kubernetes/client-node";
import type { GatewayClient } from "../stack/gatewayClient";

/** What a check found. */
export interface Finding {
  readonly status: "pass" | "fail" | "skipped";
  /** What was seen. */
  readonly seen: string;
  /** What to do about it; absent where nothing is to be done. */
  readonly remedy?: string;
}

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
export interface Check {
  readonly name: string;
  readonly run: (subject: Subject) => Promise<Finding>;
}

export const pass = (seen: string): Finding => ({ status: "pass", seen });
export const fail = (seen: string, remedy: string): Finding => ({ status: "fail", seen, remedy });
export const skipped = (seen: string): Finding => ({ status: "skipped", seen });

/** One finding of a list of problems. */
export function verdict(problems: readonly string[], fine: string, remedy: string): Finding {
  return problems.length === 0 ? pass(fine) : fail(problems.join("; "), remedy);
}
