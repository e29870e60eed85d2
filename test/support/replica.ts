import type { Server } from "node:http";

/** A request that a replica received. */
export interface Received {
  /** Milliseconds of the wall clock. */
  readonly at: number;
  readonly path: string;
  readonly body: string;
}

/** A vLLM simulator in this process. */
export interface Replica {
  readonly server: Server;
  /** Begins its end, as SIGTERM does. */
  readonly end: () => void;
  readonly address: string;
  readonly received: Received[];
}
