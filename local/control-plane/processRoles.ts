import type { V1Pod } from "@kubernetes/client-node";

/** Components, by label `app.kubernetes.io/component`, whose pods run as processes; all other pods stay simulated. */
export const PROCESS_COMPONENTS = ["gateway", "redis", "server"] as const;

export type ProcessComponent = (typeof PROCESS_COMPONENTS)[number];

/** The component of a pod that runs as a process. */
export function processComponentOf({ metadata }: V1Pod): ProcessComponent | undefined {
  const component = metadata?.labels?.["app.kubernetes.io/component"];
  return PROCESS_COMPONENTS.find((name) => name === component);
}
