import { join } from "node:path";
import { Server, ServerCredentials, type handleUnaryCall } from "@grpc/grpc-js";
import * as engineGrpc from "@pulumi/pulumi/proto/engine_grpc_pb";
import * as engine from "@pulumi/pulumi/proto/engine_pb";
import * as resourceGrpc from "@pulumi/pulumi/proto/resource_grpc_pb";
import * as resources from "@pulumi/pulumi/proto/resource_pb";
import execa from "execa";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { readFileSync } from "node:fs";
import { afterEach, expect, test } from "vitest";
import { parse } from "yaml";
import { REPOSITORY } from "../../local/control-plane/environment";
import { openStack, Recorder, type TestStack } from "../support/engine";

let embedded: TestStack | undefined;
let server: Server | undefined;
afterEach(async () => {
  server?.forceShutdown();
  await embedded?.close();
});

/**
 * Starts the program as the official language host does: `@pulumi/pulumi/cmd/run` with the addresses of a monitor, here
 * one of the test's own that records what is registered.
 */
async function registeredByEntry(stack: string): Promise<string[]> {
  const registered: string[] = [];
  const register: handleUnaryCall<
    resources.RegisterResourceRequest,
    resources.RegisterResourceResponse
  > = (call, callback) => {
    const { request } = call;
    registered.push(`${request.getType()} ${request.getName()}`);
    const urn = `urn:pulumi:${stack}::llm-gateway::${request.getType()}::${request.getName()}`;
    callback(
      null,
      new resources.RegisterResourceResponse().setUrn(urn).setObject(request.getObject()),
    );
  };
  const empty = (_call: unknown, callback: (error: null, value: Empty) => void) => {
    callback(null, new Empty());
  };
  server = new Server();
  server.addService(resourceGrpc.ResourceMonitorService, {
    supportsFeature: ((_call, callback) => {
      callback(null, new resources.SupportsFeatureResponse().setHassupport(true));
    }) satisfies handleUnaryCall<unknown, resources.SupportsFeatureResponse>,
    registerResource: register,
    registerResourceOutputs: empty,
    signalAndWaitForShutdown: empty,
  });
  server.addService(engineGrpc.EngineService, {
    log: empty,
    getRootResource: ((_call, callback) => {
      callback(null, new engine.GetRootResourceResponse());
    }) satisfies handleUnaryCall<unknown, engine.GetRootResourceResponse>,
    setRootResource: ((_call, callback) => {
      callback(null, new engine.SetRootResourceResponse());
    }) satisfies handleUnaryCall<unknown, engine.SetRootResourceResponse>,
  });
  const { promise, resolve, reject } = withResolvers<number>();
  server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, port) => {
    if (error === null) {
      resolve(port);
    } else {
      reject(error);
    }
  });
  const address = `127.0.0.1:${await promise}`;
  const project = parse(readFileSync(join(REPOSITORY, "Pulumi.yaml"), "utf8")) as {
    runtime: { options: { nodeargs: string; typescript: boolean } };
  };
  const config = parse(readFileSync(join(REPOSITORY, `Pulumi.${stack}.yaml`), "utf8")) as {
    config: Record<string, unknown>;
  };
  const text = Object.entries(config.config).map(([key, value]) => [
    key,
    typeof value === "string" ? value : JSON.stringify(value),
  ]);
  await execa(
    "node",
    [
      ...project.runtime.options.nodeargs.split(" "),
      join(REPOSITORY, "node_modules/@pulumi/pulumi/cmd/run"),
      `--monitor=${address}`,
      `--engine=${address}`,
      "--organization=organization",
      "--project=llm-gateway",
      `--root-directory=${REPOSITORY}`,
      `--stack=${stack}`,
      `--pwd=${REPOSITORY}`,
      "--dry-run",
      "--parallel=8",
      ".",
    ],
    {
      cwd: REPOSITORY,
      env: {
        PULUMI_CONFIG: JSON.stringify(Object.fromEntries(text)),
        PULUMI_NODEJS_TYPESCRIPT: String(project.runtime.options.typescript),
      },
    },
  );
  return registered.sort();
}

function withResolvers<T>() {
  let resolve: (value: T) => void = () => undefined;
  let reject: (error: Error) => void = () => undefined;
  const promise = new Promise<T>((onValue, onError) => {
    resolve = onValue;
    reject = onError;
  });
  return { promise, resolve, reject };
}

test("the entry of the ordinary CLI and the embedded run declare the same resources", async () => {
  embedded = await openStack({ stack: "local" });
  const recorder = new Recorder();
  await embedded.stack.preview({ onEvent: recorder.onEvent });
  // Default providers are the engine's own; the program never registers them.
  const declared = recorder
    .resources("create")
    .filter((name) => !/^pulumi:providers:\w+ default/.test(name));
  const registered = await registeredByEntry("local");
  expect(registered.length).toBeGreaterThan(50);
  expect(registered).toEqual(declared);
});
