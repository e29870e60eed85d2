import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { createInterface } from "node:readline";
import {
  Client,
  credentials,
  type handleUnaryCall,
  type MethodDefinition,
  type ServiceDefinition,
  type UntypedServiceImplementation,
} from "@grpc/grpc-js";
import * as providerGrpc from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as rpc from "@pulumi/pulumi/proto/provider_pb";
import { providerServer, typeOf, type StandInProvider } from "./provider";
import { announce, listen, MESSAGE_LIMITS, pluginServer } from "./server";

/** Methods about one resource, with where their requests name it. */
const URN_OF: Readonly<Record<string, (request: Buffer) => string>> = {
  check: (request) => rpc.CheckRequest.deserializeBinary(request).getUrn(),
  diff: (request) => rpc.DiffRequest.deserializeBinary(request).getUrn(),
  create: (request) => rpc.CreateRequest.deserializeBinary(request).getUrn(),
  read: (request) => rpc.ReadRequest.deserializeBinary(request).getUrn(),
  update: (request) => rpc.UpdateRequest.deserializeBinary(request).getUrn(),
  delete: (request) => rpc.DeleteRequest.deserializeBinary(request).getUrn(),
};

/**
 * Serves a provider as another program does, but for some of its resources, which a stand-in plays. Messages pass unread to the
 * one or the other.
 *
 * @param program path of the other program; it gets this one's arguments
 * @param plays whether the stand-in plays the resources of a type
 */
export async function serveInFront(
  standIn: StandInProvider,
  program: string,
  plays: (type: string) => boolean,
): Promise<void> {
  const official = connect(await start(program));
  const played = connect(await listen(providerServer(standIn)));
  const service: Record<string, MethodDefinition<Buffer, Buffer>> = {};
  const handlers: UntypedServiceImplementation = {};
  const methods: ServiceDefinition = providerGrpc.ResourceProviderService;
  for (const [name, { path, requestStream, responseStream }] of Object.entries(methods)) {
    if (requestStream || responseStream) {
      // What is not served answers "unimplemented", as a method that an older provider does not have.
      continue;
    }
    service[name] = { path, requestStream, responseStream, ...UNREAD };
    const handler: handleUnaryCall<Buffer, Buffer> = (call, callback) => {
      const urn = URN_OF[name]?.(call.request);
      const target = urn !== undefined && plays(typeOf(urn)) ? played : official;
      target.makeUnaryRequest(
        path,
        asItIs,
        asItIs,
        call.request,
        call.metadata,
        (error, answer) => {
          callback(error, answer ?? null);
        },
      );
    };
    handlers[name] = handler;
  }
  const server = pluginServer();
  server.addService(service, handlers);
  await announce(server);
}

/**
 * The program that would be found on PATH if a folder were not on it.
 *
 * @throws Error when there is none
 */
export function nextOnPath(program: string, without: string): string {
  const found = (process.env.PATH ?? "")
    .split(delimiter)
    .filter((folder) => folder !== without)
    .map((folder) => join(folder, program))
    .find(existsSync);
  if (found === undefined) {
    throw new Error(`no ${program} is on PATH besides the stand-in in ${without}`);
  }
  return found;
}

const asItIs = (message: Buffer): Buffer => message;

const UNREAD = {
  requestSerialize: asItIs,
  requestDeserialize: asItIs,
  responseSerialize: asItIs,
  responseDeserialize: asItIs,
};

function connect(port: number): Client {
  return new Client(`127.0.0.1:${port}`, credentials.createInsecure(), MESSAGE_LIMITS);
}

/** Starts a provider. @returns the port that it listens on, the first line that it prints */
function start(program: string): Promise<number> {
  const child = spawn(program, process.argv.slice(2), { stdio: ["ignore", "pipe", "inherit"] });
  process.on("exit", () => {
    child.kill();
  });
  return new Promise((resolve, reject) => {
    createInterface({ input: child.stdout }).once("line", (line) => {
      resolve(Number(line));
    });
    child.on("error", reject);
    // The provider is gone for the engine, too.
    child.on("close", (code) => process.exit(code ?? 1));
  });
}
