import { spawn, type ChildProcess } from "node:child_process";
import { openSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { callbackFiles } from "../../components/litellm/callbacks";
import { proxyConfig, proxyYaml, type ProxyConfig } from "../../components/litellm/proxyConfig";
import { proxyPodSpec } from "../../components/litellm/proxyPod";
import { completeGateway } from "../../domain/models/completeGateway";
import { GATEWAY_PORT, ROUTING_FILE, ROUTING_FOLDER } from "../../domain/names";
import { requestScaling } from "../../domain/settings/requestScaling";
import type { ParsedConfig } from "../../domain/settings/schema";
import type { Launch } from "../../local/processes/launch";
import { launchOf } from "../../local/processes/runtimes";
import { eventually } from "./cluster";
import { NAMES_FILE } from "./proxyNames";

/** A LiteLLM process. */
export interface Proxy {
  readonly url: string;
  readonly child: ChildProcess;
  /** Path of its log. */
  readonly log: string;
}

export interface ProxyOptions {
  /** Of its log and of its scratch folder. */
  readonly name: string;
  /** Loopback address that it listens on. */
  readonly host: string;
  /** Folder of all processes of a test, with the file of DNS names. */
  readonly folder: string;
  /** Virtual environment with LiteLLM. */
  readonly python: string;
  /** Of it the models, the routing and the cache count. */
  readonly config: ParsedConfig;
  readonly modelNamespace: string;
  /** Changes the rendered configuration: how a test shows what a key is good for. */
  readonly rewrite?: (config: ProxyConfig) => unknown;
  /** Files beside the configuration, text by name, over those of the pod. */
  readonly files?: Readonly<Record<string, string>>;
  /** Over the environment of the pod. */
  readonly env: Readonly<Record<string, string>>;
}

const containerSpec = z.object({
  args: z.array(z.string()),
  env: z.array(z.object({ name: z.string(), value: z.string() })),
});

/** Starts LiteLLM with the rendered configuration and the pod's own arguments and environment; resolves when it is ready. */
export async function startProxy(options: ProxyOptions): Promise<Proxy> {
  const { config, folder, host, name, rewrite = (rendered: ProxyConfig) => rendered } = options;
  const scratch = join(folder, name);
  await mkdir(scratch, { recursive: true });
  const gateway = completeGateway(config);
  const models = Object.entries(config.models).map(([model, settings]) => ({
    name: model,
    ...settings,
  }));
  const rendered = proxyConfig({
    models,
    modelNamespace: options.modelNamespace,
    ...gateway,
    requestScaling: requestScaling(config),
  });
  const file = join(scratch, ROUTING_FILE);
  await writeFile(file, proxyYaml(rewrite(rendered)));
  for (const [beside, text] of Object.entries({
    ...callbackFiles({
      ...gateway,
      models,
      modelNamespace: options.modelNamespace,
      requestScaling: requestScaling(config),
    }),
    ...options.files,
  })) {
    await writeFile(join(scratch, beside), text);
  }
  const url = `http://${host}:${GATEWAY_PORT}`;
  const other = await fetch(`${url}/health/liveliness`).catch(() => undefined);
  if (other !== undefined) {
    throw new Error(
      `${url} belongs to a process of an earlier run: it would be tested in place of this one`,
    );
  }
  const launch = launchIn(scratch, options);
  const log = join(folder, `${name}.log`);
  const output = openSync(log, "a");
  const child = spawn(launch.command, launch.args, {
    cwd: scratch,
    env: launch.env,
    stdio: ["ignore", output, output],
    // Its database engine belongs to it: both end together.
    detached: true,
  });
  await eventually(`${url} to be ready`, 120, async () => {
    if (child.exitCode !== null) {
      throw new Error(`LiteLLM ended with ${child.exitCode}:\n${await readFile(log, "utf8")}`);
    }
    const response = await fetch(`${url}/health/readiness`).catch(() => undefined);
    return response?.status === 200 ? true : undefined;
  });
  return { url, child, log };
}

/** The command of the gateway's container, its volumes being folders below `scratch`. */
function launchIn(scratch: string, { config, env, folder, host, python }: ProxyOptions): Launch {
  const gateway = completeGateway(config);
  const spec = proxyPodSpec({
    ...gateway,
    ...gateway.routing,
    ...gateway.service,
    longestAnswerSeconds: gateway.routing.requestTimeoutSeconds,
    requestScaling: requestScaling(config),
  });
  const container = containerSpec.parse(z.array(z.unknown()).parse(spec.containers)[0]);
  const ofPod = container.env.map(
    ({ name, value }) => [name, value.replace(/^\/tmp/, scratch)] as const,
  );
  return launchOf(
    {
      role: "gateway",
      command: [],
      args: container.args.map((arg) =>
        arg.startsWith(ROUTING_FOLDER) ? join(scratch, arg.slice(ROUTING_FOLDER.length)) : arg,
      ),
      env: {
        ...Object.fromEntries(ofPod),
        HOME: scratch,
        TMPDIR: scratch,
        PATH: process.env.PATH ?? "",
        ...env,
      },
      host,
      scratch,
      namespace: "litellm",
      dnsFile: join(folder, NAMES_FILE),
      local: (path) => join(scratch, path),
    },
    { python },
  );
}
