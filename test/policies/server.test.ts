/** The pack behind the SDK's own handlers: each message is read once, and every rule sees what is in it. */
import { Struct, type JavaScriptValue } from "google-protobuf/google/protobuf/struct_pb";
import { AnalyzerService } from "@pulumi/pulumi/proto/analyzer_grpc_pb";
import * as analyzer from "@pulumi/pulumi/proto/analyzer_pb";
import { expect, test } from "vitest";
import { prepareServer } from "../../policies/factory/server";
import { policies, RULES } from "../../policies/pack";
import { called, server } from "../support/packServer";
import { autoscaler, container, deployment } from "./fixtures";
import type { TestResource } from "./support";

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

test("every rule sees a resource that one of them has read, each time that it is registered", async () => {
  const one = server.makeAnalyzeRpcFun("pack", "0", "mandatory", policies());
  const read = AnalyzerService.analyze.requestDeserialize;
  const once = await called(
    one,
    filled(new analyzer.AnalyzeRequest(), target).serializeBinary(),
    read,
  );
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
  expect(await called(end, request.serializeBinary(), read)).toEqual(expected);
  expect(await called(end, request.serializeBinary(), read)).toEqual([]);
});
