import { FORGETFUL, type Memory } from "./memory";

/** What the engine says of its run when it starts the pack: one process serves one preview or one update. */
export const run: {
  /**
   * Whether this is an update, which must be stopped before it creates anything. Without word from the engine, as when a state
   * is judged, it is taken for a preview.
   */
  updating: boolean;
  /** What previews of the same stack found right. */
  memory: Memory;
} = { updating: false, memory: FORGETFUL };
