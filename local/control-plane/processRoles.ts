import type { V1Pod } from "@kubernetes/client-node";
import { ROLE_LABEL, type Role } from "../../domain/labels";

/** Roles whose pods run as processes; all other pods stay simulated. */
export const PROCESS_COMPONENTS = ["gateway", "redis", "server"] as const satisfies readonly Role[];

export type ProcessComponent = (typeof PROCESS_COMPONENTS)[number];

/** The component of a pod that runs as a process. */
export function processComponentOf({ metadata }: V1Pod): ProcessComponent | undefined {
  const component = metadata?.labels?.[ROLE_LABEL];
  return PROCESS_COMPONENTS.find((name) => name === component);
}
