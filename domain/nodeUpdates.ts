/** How EKS updates the nodes of a group in place: to another image release of the same node group. */
export type UpdateStrategy = "DEFAULT" | "MINIMAL";

/** Nodes of a group that an update may have down at once. */
export const MAX_UNAVAILABLE = 1;

/** The strategy of the nodes of everything that needs no Neuron device, and of Neuron nodes: scarce, and with a quota of their own. */
export const UPDATE_STRATEGY_OF: Readonly<Record<"system" | "neuron", UpdateStrategy>> = {
  system: "DEFAULT",
  neuron: "MINIMAL",
};

/**
 * Nodes that an update in place starts beside those of the group.
 *
 * `DEFAULT` raises the group by twice the number of its zones, or by `maxUnavailable` where that is more, and launches before it
 * terminates. Source: Amazon EKS User Guide, "Understand each phase of node updates", scale up phase. `MINIMAL` terminates the old
 * instances before it launches the new. Source: Amazon EKS API Reference, NodegroupUpdateConfig.
 *
 * An edit that replaces a group (docs/upgrade.md) is none of these: its successor stands whole beside it.
 */
export function surgeNodes(strategy: UpdateStrategy, zones: number): number {
  return strategy === "MINIMAL" ? 0 : Math.max(2 * zones, MAX_UNAVAILABLE);
}
