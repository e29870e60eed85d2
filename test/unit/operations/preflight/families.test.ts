import { describe, expect, test } from "vitest";
import { CLUSTER, preflight, systemNodes, type Scene } from "../../../support/preflight";

const { network } = CLUSTER;

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

describe("a type of the system nodes", () => {
  const quotas = async (instanceType: string, change: (scene: Scene) => void = () => undefined) => {
    const results = await preflight((scene) => {
      scene.cluster.systemNodes = { ...systemNodes, instanceType };
      scene.account.vcpus[instanceType] = 4;
      change(scene);
    });
    return results.find(({ check }) => check === "vCPU quotas are large enough");
  };

  test("counts against the quota of its own family, whichever it is", async () => {
    expect(
      await quotas("g5.xlarge", ({ account }) => {
        account.quotas["L-DB2E81BA"] = 4;
      }),
    ).toMatchObject({
      status: "fail",
      seen: expect.stringMatching(
        /Running On-Demand G and VT instances: 4 vCPUs, \d+ needed/,
      ) as string,
    });
  });

  test("whose quota is not known is named, and not passed over", async () => {
    expect(await quotas("hpc7a.12xlarge")).toMatchObject({
      status: "warn",
      seen: expect.stringContaining("hpc7a.12xlarge (system)") as string,
      remedy: expect.stringContaining("list-service-quotas") as string,
    });
  });

  test("whose quota is not known hides nothing that is wrong", async () => {
    const found = await quotas("hpc7a.12xlarge", ({ account }) => {
      account.quotas["L-1945791B"] = 0;
    });
    expect(found?.status).toBe("fail");
    expect(found?.seen).toContain("Running On-Demand Inf instances: 0 vCPUs");
    expect(found?.seen).toContain("hpc7a.12xlarge (system)");
  });
});

test("system nodes of another architecture than their image are refused", async () => {
  const results = await preflight(({ account, cluster }) => {
    cluster.systemNodes = { ...systemNodes, instanceType: "r7a.large" };
    account.vcpus["r7a.large"] = 2;
    account.offerings["r7a.large"] = [...network.zones];
    account.arm = ["r7a.large"];
  });
  expect(results.filter(({ status }) => status !== "pass")).toMatchObject([
    {
      check: "The image of the system nodes fits their type",
      status: "fail",
      seen: "r7a.large is arm64; the image is x86_64",
      remedy: expect.stringContaining("cluster.systemNodes.instanceType") as string,
    },
  ]);
});

describe("a zone that EKS puts no control plane in", () => {
  const found = async (controlPlaneZones: readonly string[] | undefined, available = true) => {
    const results = await preflight(({ account, cluster }) => {
      cluster.network = { ...network, zones: ["us-west-2a", "us-west-2b", "us-west-2c"] };
      cluster.controlPlaneZones = controlPlaneZones;
      account.zones = account.zones.map((zone) =>
        zone.name === "us-west-2c"
          ? { ...zone, id: "use1-az3", state: available ? "available" : "unavailable" }
          : zone,
      );
    });
    return results.find(({ check }) => check === "Zones can hold the cluster");
  };

  test("serves nodes alone where the control plane has others", async () => {
    expect(await found(["us-west-2a", "us-west-2b"])).toMatchObject({ status: "pass" });
  });

  test("is refused for the control plane", async () => {
    expect(await found(["us-west-2a", "us-west-2c"])).toMatchObject({
      status: "fail",
      seen: "EKS has no control planes in us-west-2c (use1-az3)",
    });
  });

  test("must be available for nodes, too", async () => {
    expect(await found(["us-west-2a", "us-west-2b"], false)).toMatchObject({
      status: "fail",
      seen: "us-west-2c is not available",
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
