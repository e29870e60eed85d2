/** The pack behind the SDK's own handlers: each message is read once, and every rule sees what is in it. */
import { createRequire } from "node:module";
import type { Policies } from "@pulumi/policy";
import { Struct, type JavaScriptValue } from "google-protobuf/google/protobuf/struct_pb";
import { AnalyzerService } from "@pulumi/pulumi/proto/analyzer_grpc_pb";
import * as analyzer from "@pulumi/pulumi/proto/analyzer_pb";
import { expect, test } from "vitest";
import { prepareServer } from "../../policies/factory/server";
import { policies, RULES } from "../../policies/pack";
import { autoscaler, container, deployment } from "./fixtures";
import type { TestResource } from "./support";

type Handler<Q> = (
  call: { readonly request: Q },
  callback: (error: Error | null | undefined, response?: analyzer.AnalyzeResponse) => void,
) => void;

/** The SDK's handlers, which it keeps out of its types. */
interface Server {
  readonly makeAnalyzeRpcFun: (
    name: string,
    version: string,
    level: string,
    policies: Policies,
  ) => Handler<analyzer.AnalyzeRequest>;
  readonly makeAnalyzeStackRpcFun: (
    name: string,
    version: string,
    level: string,
    policies: Policies,
  ) => Handler<analyzer.AnalyzeStackRequest>;
}
const server = createRequire(__filename)("@pulumi/policy/server") as Server;
prepareServer(RULES);

/** A Deployment that three rules object to, and its autoscaler. */
const target = deployment({
  containers: [container({ image: "web:latest", readinessProbe: undefined, resources: {} })],
});
const STACK = [target, autoscaler()];

function filled<T extends analyzer.AnalyzeRequest | analyzer.AnalyzerResource>(
  message: T,
  { type, name = "", props }: TestResource,
): T {
  const plain = JSON.parse(JSON.stringify(props)) as Record<string, JavaScriptValue>;
  message.setType(type);
  message.setUrn(`urn:pulumi:test::shop::${type}::${name}`);
  message.setName(name);
  message.setProperties(Struct.fromJavaScript(plain));
  message.setOptions(new analyzer.AnalyzerResourceOptions());
  return message;
}

/** Calls a handler as gRPC does, message decoding included. @returns the rules that reported */
async function called<Q extends { readonly serializeBinary: () => Uint8Array }>(
  handler: Handler<Q>,
  message: Q,
  read: (bytes: Buffer) => Q,
): Promise<string[]> {
  const request = read(Buffer.from(message.serializeBinary()));
  return new Promise((resolve, reject) => {
    handler({ request }, (error, response) => {
      if (response === undefined) {
        reject(error ?? new Error("no response"));
      } else {
        resolve(response.getDiagnosticsList().map((found) => found.getPolicyname()));
      }
    });
  });
}

test("every rule sees a resource that one of them has read, each time that it is registered", async () => {
  const one = server.makeAnalyzeRpcFun("pack", "0", "mandatory", policies());
  const read = AnalyzerService.analyze.requestDeserialize;
  const once = await called(one, filled(new analyzer.AnalyzeRequest(), target), read);
  expect(once).toEqual(["images-pinned", "probes-present"]);
});

test("every rule sees the whole stack, registered before or not", async () => {
  const end = server.makeAnalyzeStackRpcFun("pack", "0", "mandatory", policies());
  const request = new analyzer.AnalyzeStackRequest();
  request.setResourcesList(STACK.map((one) => filled(new analyzer.AnalyzerResource(), one)));
  const read = AnalyzerService.analyzeStack.requestDeserialize;
  const expected = [
    ...["autoscaler-target-requests", "autoscaler-target-requests"],
    "autoscaler-disruption-budget",
  ];
  expect(await called(end, request, read)).toEqual(expected);
  expect(await called(end, request, read)).toEqual([]);
});
