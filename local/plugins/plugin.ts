import { createRequire } from "node:module";
import type { handleUnaryCall, UntypedServiceImplementation } from "@grpc/grpc-js";
import type { Message } from "google-protobuf";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import * as plugin from "@pulumi/pulumi/proto/plugin_pb";
import * as rpc from "@pulumi/pulumi/proto/provider_pb";
import { messageOf } from "../../domain/failure";
import { settingsFrom, type Properties } from "./properties";
import { failure, status } from "./server";

/**
 * The methods that every stand-in has. References to resources stay with the engine.
 *
 * @param acceptsSecrets whether secrets arrive as such; otherwise they stay with the engine, too
 */
export function lifecycle(
  name: string,
  configure: (config: Properties) => Promise<void>,
  acceptsSecrets = false,
): UntypedServiceImplementation {
  return {
    configure: unary<rpc.ConfigureRequest, rpc.ConfigureResponse>(async (request) => {
      await configure(settingsFrom(request.getArgs()));
      return new rpc.ConfigureResponse()
        .setAcceptsecrets(acceptsSecrets)
        .setAcceptresources(false)
        .setAcceptoutputs(false)
        .setSupportspreview(true);
    }),
    checkConfig: unary<rpc.CheckRequest, rpc.CheckResponse>((request) =>
      Promise.resolve(new rpc.CheckResponse().setInputs(request.getNews())),
    ),
    diffConfig: unary<rpc.DiffRequest, rpc.DiffResponse>((request) => {
      const same =
        JSON.stringify(request.getOldInputs()?.toJavaScript()) ===
        JSON.stringify(request.getNews()?.toJavaScript());
      return Promise.resolve(
        new rpc.DiffResponse().setChanges(
          same ? rpc.DiffResponse.DiffChanges.DIFF_NONE : rpc.DiffResponse.DiffChanges.DIFF_SOME,
        ),
      );
    }),
    getPluginInfo: unary<Empty, plugin.PluginInfo>(() =>
      Promise.resolve(new plugin.PluginInfo().setVersion(sdkVersion(name))),
    ),
    cancel: unary<Empty, Empty>(() => Promise.resolve(new Empty())),
  };
}

/** The version that the program's SDK expects: a stand-in plays whatever version is installed. */
export function sdkVersion(provider: string): string {
  const manifest: unknown = createRequire(__filename)(`@pulumi/${provider}/package.json`);
  return typeof manifest === "object" && manifest !== null && "version" in manifest
    ? String(manifest.version)
    : "0.0.0";
}

/** One method of a plugin. */
export function unary<Request extends Message, Response extends Message>(
  answer: (request: Request) => Promise<Response>,
): handleUnaryCall<Request, Response> {
  return (call, callback) => {
    // A synchronous throw is an answer like a rejection: the engine waits for one.
    Promise.resolve()
      .then(() => answer(call.request))
      .then(
        (response) => {
          callback(null, response);
        },
        (error: unknown) => {
          callback(failure(status.UNKNOWN, messageOf(error)));
        },
      );
  };
}
