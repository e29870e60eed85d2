/** What may be written as the instance type of the nodes of everything that needs no Neuron device. */
import { describe, expect, test } from "vitest";
import { problemLines } from "../../support/config";
import { stackConfig } from "../../support/stackFile";

const DEV = stackConfig("dev")["llm-gateway:cluster"] as object;
const lines = (instanceType: string) =>
  problemLines({ cluster: { ...DEV, systemNodes: { instanceType } } });

describe("system nodes", () => {
  test.each([
    ...["m7i.large", "m7i-flex.large", "t3.medium", "c6a.2xlarge", "r7iz.xlarge", "x2iedn.xlarge"],
    ...["g5.xlarge", "g6.xlarge", "gr6.4xlarge", "g4dn.xlarge", "m5.metal", "m7i.metal-24xl"],
    ...["u-6tb1.56xlarge", "u7in-16tb.224xlarge", "p6-b200.48xlarge"],
  ])("may be %s", (type) => {
    expect(lines(type)).toEqual([]);
  });

  test.each([
    ...["m7g.large", "c6gn.xlarge", "t4g.medium", "x2gd.large", "c7gd.metal", "g5g.xlarge"],
    ...["im4gn.large", "is4gen.large", "hpc7g.4xlarge", "a1.large", "m8gb.large", "t4g.nano"],
  ])("are not %s, whose processor the image is not for", (type) => {
    expect(lines(type)).toEqual([
      `llm-gateway:cluster.systemNodes.instanceType = "${type}": has an ARM processor, and the nodes' image is for x86_64; write for example m7i.large`,
    ]);
  });

  test.each(["t3.nano", "t3a.micro", "t2.small", "m1.small"])("are not %s, too small", (type) => {
    expect(lines(type)).toEqual([
      expect.stringMatching(
        /systemNodes\.instanceType = ".*": is too small for the controllers, .*; write for example m7i\.large/,
      ),
    ]);
  });

  test.each([
    "foo",
    "",
    "m7i",
    "m7i.",
    "m7i.huge",
    "large",
    "M7i.large",
    "db.m7i.large",
    "m7i large",
  ])("are not %j, which is no type", (type) => {
    expect(lines(type)).toEqual([
      expect.stringMatching(
        /systemNodes\.instanceType = ".*": is no EC2 instance type; write for example m7i\.large/,
      ),
    ]);
  });

  test("are no Macs", () => {
    expect(lines("mac2-m2pro.metal")).toEqual([expect.stringContaining("is a Mac")]);
  });
});
