import type { GatewaySettings } from "../settings/gateway";
import { parseMemoryGiB } from "../quantity";

/**
 * Memory of a gateway pod that has answered and has nothing to do, MiB: LiteLLM 1.106.2 with its database client 708 after 1,500
 * requests, and about 100 of its query engine. docs/scaling.md, "The gateway's memory".
 */
export const MEMORY_AT_REST_MIB = 808;

/**
 * How many idle pods the memory target keeps: the autoscaler asks for the sum of their memory over the target of one, rounded up, and memory
 * at rest does not fall with the load. `minReplicas` where it lets all others go.
 */
export function idleReplicas({
  autoscaling,
  resources,
}: Pick<GatewaySettings, "autoscaling" | "resources">): number {
  const { minReplicas, maxReplicas, memoryUtilization } = autoscaling;
  if (memoryUtilization === undefined) {
    return minReplicas;
  }
  const target = (parseMemoryGiB(resources.requests.memory) * 1024 * memoryUtilization) / 100;
  let replicas = maxReplicas;
  for (;;) {
    const wanted = Math.max(minReplicas, Math.ceil((replicas * MEMORY_AT_REST_MIB) / target));
    if (wanted >= replicas) {
      return replicas;
    }
    replicas = wanted;
  }
}
