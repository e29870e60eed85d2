import { runtime } from "@pulumi/pulumi";
import { describe, expect, test } from "vitest";
import { differingPaths, fromStruct, toStruct, UNKNOWN } from "../../../local/plugins/properties";
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
});

test("a type is the last part of a URN with parents", () => {
  expect(typeOf("urn:pulumi:s::p::a:b:C$kubernetes:apps/v1:Deployment::x")).toBe(
    "kubernetes:apps/v1:Deployment",
  );
});
