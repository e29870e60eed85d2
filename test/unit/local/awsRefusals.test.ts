import { describe, expect, test } from "vitest";
import { refusals } from "../../../local/plugins/aws/refusals";
import { subnetId, zoneRefusal } from "../../../local/plugins/aws/zones";

const GROUP = "aws:eks/nodeGroup:NodeGroup";

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

  test("and nothing of what AWS takes", () => {
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
