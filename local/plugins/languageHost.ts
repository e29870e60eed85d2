/**
 * A stand-in for pulumi-language-nodejs, for machines where the official language host cannot be installed. It starts the
 * same entry points of @pulumi/pulumi that the official one starts: cmd/run for programs and cmd/run-policy-pack for
 * policy packs. It refuses everything else that a language host can do.
 */
import { spawn, type ChildProcess } from "node:child_process";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type {
  handleServerStreamingCall,
  handleUnaryCall,
  UntypedServiceImplementation,
} from "@grpc/grpc-js";
import * as languageGrpc from "@pulumi/pulumi/proto/language_grpc_pb";
import * as language from "@pulumi/pulumi/proto/language_pb";
import * as plugin from "@pulumi/pulumi/proto/plugin_pb";
import { announce, failure, pluginServer, status } from "./server";

/** Exit code of cmd/run when it has already told the user what went wrong. */
const ALREADY_REPORTED = 32;

const engineAddress = process.argv.at(-1) ?? "";
const children = new Set<ChildProcess>();

const run: handleUnaryCall<language.RunRequest, language.RunResponse> = (call, callback) => {
  const request = call.request;
  const info = request.getInfo();
  const options = runtimeOptions(info);
  const folder = info?.getProgramDirectory() ?? request.getPwd();
  const args = [
    ...nodeArguments(options),
    sdkEntry(folder, "run"),
    `--monitor=${request.getMonitorAddress()}`,
    `--engine=${engineAddress}`,
    `--organization=${request.getOrganization()}`,
    `--project=${request.getProject()}`,
    `--root-directory=${info?.getRootDirectory() ?? folder}`,
    `--stack=${request.getStack()}`,
    `--pwd=${request.getPwd()}`,
    ...(request.getDryrun() ? ["--dry-run"] : []),
    `--parallel=${request.getParallel()}`,
    info?.getEntryPoint() ?? ".",
    ...request.getArgsList(),
  ];
  const child = start(args, request.getPwd(), {
    ...process.env,
    PULUMI_NODEJS_TYPESCRIPT: String(options.typescript !== false),
    PULUMI_CONFIG: JSON.stringify(Object.fromEntries(entries(request.getConfigMap()))),
    PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(request.getConfigsecretkeysList()),
  });
  child.stdout?.pipe(process.stdout);
  child.stderr?.pipe(process.stderr);
  child.on("error", (error) => {
    callback(failure(status.INTERNAL, `the program could not be started: ${error.message}`));
  });
  child.on("close", (code, signal) => {
    const response = new language.RunResponse();
    if (code === ALREADY_REPORTED) {
      response.setBail(true);
    } else if (code !== 0) {
      response.setError(`the program ended with ${signal ?? `exit code ${code}`}`);
    }
    callback(null, response);
  });
};

const runPlugin: handleServerStreamingCall<
  language.RunPluginRequest,
  language.RunPluginResponse
> = (call) => {
  const request = call.request;
  const info = request.getInfo();
  const folder = info?.getProgramDirectory() ?? "";
  if (request.getKind() !== "analyzer") {
    call.emit(
      "error",
      failure(
        status.UNIMPLEMENTED,
        `the stand-in language host runs policy packs, not plugins of kind "${request.getKind()}"`,
      ),
    );
    return;
  }
  const child = start(
    [
      ...nodeArguments(runtimeOptions(info)),
      sdkEntry(folder, "run-policy-pack"),
      ...request.getArgsList(),
      folder,
    ],
    folder,
    {
      ...process.env,
      ...Object.fromEntries(request.getEnvList().map((entry) => split(entry))),
    },
  );
  child.stdout?.on("data", (chunk: Buffer) => {
    call.write(new language.RunPluginResponse().setStdout(chunk));
  });
  child.stderr?.on("data", (chunk: Buffer) => {
    call.write(new language.RunPluginResponse().setStderr(chunk));
  });
  call.on("cancelled", () => child.kill());
  child.on("close", (code) => {
    call.write(new language.RunPluginResponse().setExitcode(code ?? 1));
    call.end();
  });
};

const host: UntypedServiceImplementation = {
  run,
  runPlugin,
  getPluginInfo: ((_call, callback) => {
    callback(null, new plugin.PluginInfo().setVersion("0.0.0"));
  }) satisfies handleUnaryCall<unknown, plugin.PluginInfo>,
  // Provider plugins are found on PATH; nothing is to be installed.
  getRequiredPlugins: ((_call, callback) => {
    callback(null, new language.GetRequiredPluginsResponse());
  }) satisfies handleUnaryCall<unknown, language.GetRequiredPluginsResponse>,
  getRequiredPackages: ((_call, callback) => {
    callback(null, new language.GetRequiredPackagesResponse());
  }) satisfies handleUnaryCall<unknown, language.GetRequiredPackagesResponse>,
  getProgramDependencies: ((_call, callback) => {
    callback(null, new language.GetProgramDependenciesResponse());
  }) satisfies handleUnaryCall<unknown, language.GetProgramDependenciesResponse>,
};

/** Runtime options of Pulumi.yaml and PulumiPolicy.yaml that this host honours; any other is an error. */
function runtimeOptions(info: language.ProgramInfo | undefined): {
  readonly typescript?: boolean;
  readonly nodeargs?: string;
} {
  const options = info?.getOptions()?.toJavaScript() ?? {};
  const { typescript, nodeargs, ...others } = options;
  const unknown = Object.keys(others);
  if (unknown.length > 0) {
    throw new Error(
      `the stand-in language host does not support the runtime options ${unknown.join(", ")}`,
    );
  }
  return {
    ...(typeof typescript === "boolean" ? { typescript } : {}),
    ...(typeof nodeargs === "string" ? { nodeargs } : {}),
  };
}

function nodeArguments(options: { readonly nodeargs?: string }): string[] {
  return options.nodeargs?.split(/\s+/).filter((part) => part !== "") ?? [];
}

/** The entry of the SDK that the program itself has installed. */
function sdkEntry(folder: string, command: "run" | "run-policy-pack"): string {
  const manifest = createRequire(join(folder, "package.json")).resolve(
    "@pulumi/pulumi/package.json",
  );
  return join(dirname(manifest), "cmd", command);
}

function start(args: readonly string[], cwd: string, env: NodeJS.ProcessEnv): ChildProcess {
  const child = spawn(process.execPath, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
  children.add(child);
  child.on("close", () => children.delete(child));
  return child;
}

function split(entry: string): [string, string] {
  const at = entry.indexOf("=");
  return [entry.slice(0, at), entry.slice(at + 1)];
}

function entries(map: { forEach(each: (value: string, key: string) => void): void }) {
  const found: [string, string][] = [];
  map.forEach((value, key) => found.push([key, value]));
  return found;
}

process.on("exit", () => {
  for (const child of children) {
    child.kill();
  }
});
const server = pluginServer();
server.addService(languageGrpc.LanguageRuntimeService, host);
void announce(server);
