import { describe, expect, test } from "vitest";
import { refusals } from "../../../local/plugins/aws/refusals";
import { AWS_RESOURCES } from "../../../local/plugins/aws/resources";
import { subnetId, zoneRefusal } from "../../../local/plugins/aws/zones";

const GROUP = "aws:eks/nodeGroup:NodeGroup";
const TEMPLATE = "aws:ec2/launchTemplate:LaunchTemplate";

/** What the stand-in's own launch template with an image has as its version. */
const OWN_IMAGE = String(
  AWS_RESOURCES[TEMPLATE]?.outputs({ imageId: "ami-0123456789abcdef0" }, "lt-1").latestVersion,
);

describe("the stand-in for AWS refuses, as AWS does,", () => {
  test.each([
    [
      "fewer nodes than the minimum",
      GROUP,
      { scalingConfig: { minSize: 1, desiredSize: 0, maxSize: 2 } },
      "desired capacity 0 must lie between minimum 1 and maximum 2",
    ],
    [
      "an image of another Kubernetes version",
      GROUP,
      { version: "1.36", releaseVersion: "1.35.6-20260625" },
      "1.35.6-20260625 is no release of Kubernetes 1.36",
    ],
    [
      "a group's name without room for what the provider adds",
      GROUP,
      { nodeGroupNamePrefix: "g".repeat(38) },
      "AWS allows 37",
    ],
    [
      "an image type that only a template makes",
      GROUP,
      { amiType: "CUSTOM" },
      "CUSTOM follows from",
    ],
    [
      "a disk in two places",
      GROUP,
      { launchTemplate: { id: "lt-1", version: "1" }, diskSize: 50 },
      "must not be given with a launch template",
    ],
    ["what is no image", TEMPLATE, { imageId: "al2023" }, '"al2023" is no image id'],
    ["user data in clear", TEMPLATE, { userData: "#!/bin/sh" }, "must be base64"],
    [
      "a long name of a cache",
      "aws:elasticache/replicationGroup:ReplicationGroup",
      { replicationGroupId: "c".repeat(41) },
      "AWS allows 40",
    ],
  ])("%s", (_what, type, inputs, reason) => {
    expect(refusals(type, inputs)).toEqual([
      { property: Object.keys(inputs).at(-1), reason: expect.stringContaining(reason) as string },
    ]);
  });

  test.each(["amiType", "version", "releaseVersion"])(
    "%s beside an image of the launch template",
    (property) => {
      const launchTemplate = { id: "lt-1", version: OWN_IMAGE };
      expect(refusals(GROUP, { launchTemplate, [property]: "1.36" })).toEqual([
        { property, reason: expect.stringContaining("template that names an image") as string },
      ]);
    },
  );

  test("and nothing of what AWS takes", () => {
    const plain = String(AWS_RESOURCES[TEMPLATE]?.outputs({}, "lt-1").latestVersion);
    expect([
      ...refusals(TEMPLATE, { imageId: "ami-0123456789abcdef0", userData: "TUlNRQ==" }),
      ...refusals(GROUP, { launchTemplate: { id: "lt-1", version: OWN_IMAGE } }),
      ...refusals(GROUP, {
        launchTemplate: { id: "lt-1", version: plain },
        amiType: "AL2023_x86_64_NEURON",
        releaseVersion: "1.36.2-20260625",
      }),
    ]).toEqual([]);
    expect(
      refusals(GROUP, {
        nodeGroupNamePrefix: "serving-",
        version: "1.36",
        releaseVersion: "1.36.2-20260625",
        scalingConfig: { minSize: 0, desiredSize: 0, maxSize: 4 },
      }),
    ).toEqual([]);
  });
});

describe("the stand-in for EKS keeps a control plane in the zones of its creation:", () => {
  let made = 0;
  const inZones = (...letters: string[]) => ({
    vpcConfig: {
      subnetIds: letters.map((letter) =>
        subnetId({ availabilityZone: `us-west-2${letter}` }, String((made += 1)).padStart(16, "0")),
      ),
    },
  });

  test.each([
    ["a zone more", inZones("a", "b", "c")],
    ["a zone less", inZones("a", "a")],
    ["another zone", inZones("a", "c")],
  ])("%s is refused", (_what, wanted) => {
    expect(zoneRefusal(inZones("a", "b", "b"), wanted)).toMatch(/was made in a, b/);
  });

  test("other subnets of the same zones are taken, and those that it did not make", () => {
    expect(zoneRefusal(inZones("a", "b"), inZones("b", "a", "b"))).toBeUndefined();
    const unknown = { vpcConfig: { subnetIds: ["subnet-0a"] } };
    expect(zoneRefusal(unknown, inZones("a", "b"))).toBeUndefined();
    expect(zoneRefusal(inZones("a", "b"), {})).toBeUndefined();
  });
});
