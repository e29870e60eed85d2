import { describe, expect, test } from "vitest";
import { preflight, type Scene } from "../../../support/preflight";

/** What a check of the dev stack finds when it has a group of Trainium besides. */
async function found(check: string, change: (scene: Scene) => void) {
  const results = await preflight((scene) => {
    scene.nodeGroups.next = { instanceType: "trn2.48xlarge", maxSize: 1 };
    scene.account.vcpus["trn2.48xlarge"] = 192;
    scene.account.quotas["L-2C3B7624"] = 128;
    change(scene);
  });
  return results.find(({ check: name }) => name === check);
}

describe("a group of another family", () => {
  test("needs a region that has it, and is told how to look for its like", async () => {
    expect(await found("Zones offer the instance types", () => undefined)).toMatchObject({
      status: "fail",
      seen: "us-west-2 has no trn2.48xlarge",
      remedy: expect.stringContaining("Values=trn2.*") as string,
    });
  });

  test("is offered in each of its zones", async () => {
    const offered = (zones: string[]) =>
      found("Zones offer the instance types", ({ account }) => {
        account.offerings["trn2.48xlarge"] = zones;
      });
    expect(await offered(["us-west-2a", "us-west-2b"])).toMatchObject({ status: "pass" });
    expect(await offered(["us-west-2b"])).toMatchObject({
      status: "fail",
      seen: "us-west-2a has no trn2.48xlarge (next)",
      remedy: expect.stringContaining("neuron.nodeGroups.next.zones[0]") as string,
    });
  });

  test("counts against the quota of its family", async () => {
    expect(await found("vCPU quotas are large enough", () => undefined)).toMatchObject({
      status: "fail",
      seen: expect.stringMatching(
        /Running On-Demand Trn instances: \d+ vCPUs, 192 needed \(next 1 \+ 0 trn2\.48xlarge\)/,
      ) as string,
    });
  });
});

test("an image of one's own is named as not looked at, and no release is asked for", async () => {
  const results = await preflight(({ nodeGroups }) => {
    nodeGroups.own = { instanceType: "inf2.xlarge", maxSize: 1, amiId: "ami-0123456789abcdef0" };
  });
  expect(results.find(({ check }) => check === "Node images exist")).toMatchObject({
    status: "pass",
    seen: expect.stringContaining("ami-0123456789abcdef0 (your own, not looked at)") as string,
  });
});
