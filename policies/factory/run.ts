/** What the engine says of its run when it starts the pack: one process serves one preview or one update. */
export const run: {
  /**
   * Whether this is an update, which must be stopped before it creates anything. Without word from the engine, as when a state
   * is judged, it is taken for a preview.
   */
  updating: boolean;
} = { updating: false };
