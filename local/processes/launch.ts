import type { ProcessRole } from "../control-plane/processRoles";

/** How the process of a container is started on this machine. */
export interface Launch {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** What asks the process to end, as the image's STOPSIGNAL. @default SIGTERM */
  readonly stopSignal?: NodeJS.Signals;
}

/** What is on this machine in place of images. */
export interface Software {
  /** Virtual environment with LiteLLM, PostgreSQL and a Redis server. */
  readonly python: string;
}

export interface ContainerRequest {
  readonly role: ProcessRole;
  readonly command: readonly string[];
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Loopback address that the process must listen on. */
  readonly host: string;
  /** Folder of its own on this machine for what the container writes. */
  readonly scratch: string;
  readonly namespace: string;
  /** File with the cluster's DNS names. */
  readonly dnsFile: string;
  /** The folder of this machine that a path of the container is. */
  readonly local: (path: string) => string;
}
