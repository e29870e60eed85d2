/** The pack behind the SDK's own handlers: each message is read once, and every rule sees what is in it. */
import { Struct, type JavaScriptValue } from "google-protobuf/google/protobuf/struct_pb";
import { AnalyzerService } from "@pulumi/pulumi/proto/analyzer_grpc_pb";
import * as analyzer from "@pulumi/pulumi/proto/analyzer_pb";
import { describe, expect, test } from "vitest";
import { run } from "../../policies/factory/run";
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

describe("the configuration of the pack", () => {
  /** What the SDK's handler reads of a configuration, as the engine sends it. */
  const read = (configuration: Readonly<Record<string, Record<string, JavaScriptValue>>>) => {
    const request = new analyzer.ConfigureAnalyzerRequest();
    for (const [name, properties] of Object.entries(configuration)) {
      const policy = new analyzer.PolicyConfig();
      policy.setProperties(Struct.fromJavaScript(properties));
      request.getPolicyconfigMap().set(name, policy);
    }
    const bytes = Buffer.from(request.serializeBinary());
    return AnalyzerService.configure.requestDeserialize(bytes);
  };

  test("is read as it is where nothing is wrong", () => {
    const request = read({ "images-pinned": { requireDigest: true }, all: {} });
    expect(request.getPolicyconfigMap().getLength()).toBe(2);
    expect(
      request.getPolicyconfigMap().get("images-pinned")?.getProperties()?.toJavaScript(),
    ).toEqual({ requireDigest: true });
  });

  test("with mistakes ends in all of them, and in nothing else that the engine would print", () => {
    const request = read({ "images-pined": {}, "images-pinned": { requireDigest: "yes" } });
    const said = [
      "the configuration of the policy pack has mistakes:",
      '  images-pined: there is no such policy; did you mean "images-pinned"?',
      '  images-pinned.requireDigest = "yes": must be true or false',
    ].join("\n");
    expect(() => request.getPolicyconfigMap()).toThrow(
      expect.objectContaining({ message: said, stack: said }),
    );
  });

  test("of a policy without properties has no mistakes", () => {
    const request = new analyzer.ConfigureAnalyzerRequest();
    request.getPolicyconfigMap().set("images-pinned", new analyzer.PolicyConfig());
    const bytes = Buffer.from(request.serializeBinary());
    const found = AnalyzerService.configure.requestDeserialize(bytes);
    expect(found.getPolicyconfigMap().getLength()).toBe(1);
  });
});

test.each([
  ["an update", false, true],
  ["a preview", true, false],
])("of %s the rules know that it is one", (_what, dryRun, updating) => {
  run.updating = !updating;
  const request = new analyzer.AnalyzerStackConfigureRequest();
  request.setDryRun(dryRun);
  const bytes = Buffer.from(request.serializeBinary());
  expect(AnalyzerService.configureStack.requestDeserialize(bytes).getDryRun()).toBe(dryRun);
  expect(run.updating).toBe(updating);
  run.updating = false;
});
