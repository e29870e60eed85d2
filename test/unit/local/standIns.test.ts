import { runtime } from "@pulumi/pulumi";
import { describe, expect, test } from "vitest";
import { readinessOf } from "../../../local/plugins/kubernetes/readiness";
import { keepsIdentity, replacingPaths } from "../../../local/plugins/kubernetes/replacement";
import {
  containsUnknown,
  differingPaths,
  fromStruct,
  toStruct,
  UNKNOWN,
} from "../../../local/plugins/properties";
import { typeOf } from "../../../local/plugins/provider";

describe("differing paths", () => {
  test("are found at any depth, additions and removals included", () => {
    expect(
      differingPaths({ a: { b: 1, c: [1] }, d: 1 }, { a: { b: 2, c: [1] }, e: 1 }).sort(),
    ).toEqual(["a.b", "d", "e"]);
  });

  test("ignore the order of keys", () => {
    expect(differingPaths({ a: [{ x: 1, y: 2 }] }, { a: [{ y: 2, x: 1 }] })).toEqual([]);
  });
});

describe("an object is replaced", () => {
  test.each([
    ["StatefulSet", "spec.serviceName", true],
    ["StatefulSet", "spec.volumeClaimTemplates", true],
    ["StatefulSet", "spec.template.spec.containers", false],
    ["Job", "spec.template.spec", true],
    ["Deployment", "spec.selector.matchLabels", true],
    ["Deployment", "spec.template", false],
    ["ConfigMap", "data.file", false],
    ["ConfigMap", "metadata.name", true],
    ["StorageClass", "parameters.type", true],
  ])("%s on %s: %s", (kind, path, replaced) => {
    expect(replacingPaths(kind, [path]).length > 0).toBe(replaced);
  });

  test("in place of its namesake only when the old one has gone", () => {
    expect(keepsIdentity(["spec.serviceName"])).toBe(true);
    expect(keepsIdentity(["metadata.name"])).toBe(false);
  });
});

describe("readiness", () => {
  const object = (
    kind: string,
    spec: object,
    status: object,
    metadata: object = { generation: 1 },
  ) => readinessOf({ kind, spec, status, metadata } as never).state;

  test.each([
    [
      "Deployment",
      { replicas: 2 },
      { observedGeneration: 1, updatedReplicas: 2, readyReplicas: 2 },
      "ready",
    ],
    [
      "Deployment",
      { replicas: 2 },
      { observedGeneration: 1, updatedReplicas: 1, readyReplicas: 2 },
      "waiting",
    ],
    [
      "Deployment",
      { replicas: 2 },
      { observedGeneration: 0, updatedReplicas: 2, readyReplicas: 2 },
      "waiting",
    ],
    ["Job", {}, {}, "waiting"],
    ["Job", {}, { conditions: [{ type: "Complete", status: "True" }] }, "ready"],
    ["Job", {}, { conditions: [{ type: "Failed", status: "True", message: "x" }] }, "failed"],
    ["Service", { type: "LoadBalancer" }, { loadBalancer: {} }, "waiting"],
    ["Service", { type: "LoadBalancer" }, { loadBalancer: { ingress: [{ ip: "1" }] } }, "ready"],
    ["Service", { type: "ClusterIP" }, {}, "ready"],
    ["PersistentVolumeClaim", {}, { phase: "Pending" }, "waiting"],
    ["PersistentVolumeClaim", {}, { phase: "Bound" }, "ready"],
    ["ConfigMap", {}, {}, "ready"],
  ])("of a %s with spec %j and status %j is %s", (kind, spec, status, state) => {
    expect(object(kind, spec, status)).toBe(state);
  });

  test("is not awaited when the annotation says so", () => {
    const annotations = { "pulumi.com/skipAwait": "true" };
    expect(object("Job", {}, {}, { annotations })).toBe("ready");
  });
});

test("the sentinels are the SDK's", () => {
  expect(UNKNOWN).toBe(runtime.unknownValue);
  expect(() =>
    fromStruct(toStruct({ a: { [runtime.specialSigKey]: runtime.specialSecretSig, value: 1 } })),
  ).toThrow(/^a is an asset/);
});

describe("properties", () => {
  test("survive the way through the engine's format", () => {
    const properties = { a: 1, b: [true, null, { c: "x" }] };
    expect(fromStruct(toStruct(properties))).toEqual(properties);
  });

  test("with a secret or an asset in them are refused by path", () => {
    const secret = {
      "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
      value: 1,
    };
    expect(() => fromStruct(toStruct({ a: [{ b: secret }] }))).toThrow(/^a\[0\]\.b is an asset/);
  });

  test("say whether anything in them is unknown", () => {
    expect(containsUnknown({ a: [{ b: UNKNOWN }] })).toBe(true);
    expect(containsUnknown({ a: [{ b: "known" }] })).toBe(false);
  });
});

test("a type is the last part of a URN with parents", () => {
  expect(typeOf("urn:pulumi:s::p::a:b:C$kubernetes:apps/v1:Deployment::x")).toBe(
    "kubernetes:apps/v1:Deployment",
  );
});
