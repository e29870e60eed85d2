/** Minutes that a model server may take from scheduling to ready: image, artifact and graph load. */
export const REPLICA_START_MINUTES = 30;
