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
