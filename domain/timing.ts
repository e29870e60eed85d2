/** Minutes that a model server may take from scheduling to ready: image, artifact and graph load. */
export const REPLICA_START_MINUTES = 30;

/** Minutes that a gateway pod may take from creation to ready: a node that comes first, the image, and five of the start-up probe. */
export const GATEWAY_START_MINUTES = 10;

/** Longest time of the gateway's migrations, attempts included, minutes. LiteLLM ends one of its own attempts after ten. */
export const MIGRATION_MINUTES = 30;

/** How often each pod of the gateway writes what was spent, seconds: what a killed pod had not written is lost. LiteLLM's own default, to which each pod adds up to five. */
export const DATABASE_WRITE_SECONDS = 10;

/** Minutes that a node stays after its last pod, and that no node goes after one was added: a model server takes minutes to load. */
export const NODE_UNNEEDED_MINUTES = 20;

/** How long a health check of the gateway waits for a replica, seconds. A replica whose places are taken answers late, and one that hangs not at all. */
export function healthCheckTimeoutSeconds(intervalSeconds: number): number {
  return Math.min(15, Math.max(5, Math.floor(intervalSeconds / 2)));
}

/** How long the other pods of the gateway leave the check of all replicas to one of them, seconds: longer than it takes where a replica hangs. */
export function healthCheckLockSeconds(intervalSeconds: number): number {
  return healthCheckTimeoutSeconds(intervalSeconds) + 5;
}
