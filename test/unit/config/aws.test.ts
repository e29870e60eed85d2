import { describe, expect, test } from "vitest";
import { problemLines } from "../../support/config";
import { stackConfig } from "../../support/stackFile";

const DEV = stackConfig("dev")["llm-gateway:cluster"] as Record<string, unknown> & {
  readonly network: Record<string, unknown>;
};

const cluster = (changes: object) => ({ cluster: { ...DEV, ...changes } });
/** Two zones are those of the control plane; more have to be told apart. */
const network = (changes: object, controlPlaneZones?: readonly string[]) =>
  cluster({ network: { ...DEV.network, ...changes }, controlPlaneZones });
const nodeGroups = (changes: object) => ({
  ...cluster({}),
  neuron: {
    nodeGroups: {
      serving: { instanceType: "inf2.xlarge", maxSize: 4, ...changes },
      compilation: { instanceType: "inf2.8xlarge", maxSize: 1 },
    },
  },
});
const managed = { gateway: { redis: { kind: "managed" } } };
const existing = (privateSubnetIds: string[], cidr?: string) =>
  cluster({
    network: {
      kind: "existing",
      vpcId: "vpc-1",
      zones: ["us-west-2a", "us-west-2b"],
      privateSubnetIds,
      ...(cidr === undefined ? {} : { cidr }),
    },
  });

const ZONES = ["us-west-2a", "us-west-2b", "us-west-2c"];
/** A VPC that exists, with a zone that was appended after the cluster's creation. */
const threeZones = (publicSubnetIds: string[]) =>
  cluster({
    controlPlaneZones: ZONES.slice(0, 2),
    network: {
      kind: "existing",
      vpcId: "vpc-1",
      zones: ZONES,
      privateSubnetIds: ["subnet-1", "subnet-2", "subnet-3"],
      publicSubnetIds,
    },
  });

describe("a cluster on AWS", () => {
  test.each([
    [
      "chart values that leave the platform's own alone",
      cluster({ chartValues: { clusterAutoscaler: { rbac: { pspEnabled: false } } } }),
      cluster({ chartValues: { clusterAutoscaler: { rbac: { serviceAccount: { name: "x" } } } } }),
      /chartValues\.clusterAutoscaler\.rbac\.serviceAccount\.name = "x": is the platform's/,
    ],
    [
      "chart values that keep the maps of the platform's own",
      cluster({ chartValues: { loadBalancerController: { serviceAccount: { annotations: {} } } } }),
      cluster({ chartValues: { loadBalancerController: { serviceAccount: null } } }),
      /chartValues\.loadBalancerController\.serviceAccount = null: is the platform's: serviceAccount\.name/,
    ],
    [
      "a known kind",
      cluster({}),
      cluster({ kind: "gke" }),
      /cluster\.kind = "gke": must be one of existing, eks/,
    ],
    [
      "known keys",
      cluster({}),
      cluster({ nam: "x" }),
      /cluster\.nam: is not a known key; did you mean "name"\?/,
    ],
    [
      "a block with room",
      network({ cidr: "10.0.0.0/22" }),
      network({ cidr: "10.0.0.0/24" }),
      /network\.cidr = "10\.0\.0\.0\/24": .*write one from \/16 to \/22/,
    ],
    [
      "a block that overlaps nothing it is connected with",
      network({ connectedCidrs: ["10.11.0.0/16"] }),
      network({ connectedCidrs: ["10.0.0.0/8"] }),
      /connectedCidrs\.0 = "10\.0\.0\.0\/8": overlaps the VPC's 10\.10\.0\.0\/16/,
    ],
    [
      "distinct zones",
      network({ zones: ["us-west-2a", "us-west-2c"] }),
      network({ zones: ["us-west-2a", "us-west-2a"] }),
      /zones\.1 = "us-west-2a": is named twice/,
    ],
    [
      "zones of its region",
      network({ zones: ["us-west-2b", "us-west-2c"] }),
      network({ zones: ["us-west-2a", "eu-west-1b"] }),
      /zones\.1 = "eu-west-1b": is not in region us-west-2/,
    ],
    [
      "a name that a managed cache can begin with",
      { ...cluster({ name: "c".repeat(34) }), ...managed },
      { ...cluster({ name: "c".repeat(35) }), ...managed },
      /cluster\.name = "c+": is too long for the name of a managed redis; write at most 34 characters/,
    ],
    [
      "a name that a managed database can begin with",
      { ...cluster({ name: "c".repeat(54) }), gateway: { database: { kind: "managed" } } },
      { ...cluster({ name: "c".repeat(55) }), gateway: { database: { kind: "managed" } } },
      /name of a managed database; write at most 54 characters/,
    ],
    [
      "a name with single dashes, where a store is managed",
      cluster({ name: "a--b" }),
      { ...cluster({ name: "a--b" }), ...managed },
      /cluster\.name = "a--b": has two dashes in a row, which AWS refuses/,
    ],
    [
      "the zones of a control plane's creation, where the last of three may have come later",
      network({ zones: ZONES }, ZONES.slice(0, 2)),
      network({ zones: ZONES }),
      /cluster\.controlPlaneZones: is missing; .*\[us-west-2a, us-west-2b, us-west-2c\], or without/,
    ],
    [
      "a control plane in zones of the network",
      network({ zones: ZONES }, ZONES),
      network({}, ["us-west-2a", "us-west-2c"]),
      /controlPlaneZones\.1 = "us-west-2c": is not a zone of the network; use us-west-2a, us-west-2b/,
    ],
    [
      "a control plane in distinct zones",
      network({}, ["us-west-2b", "us-west-2a"]),
      network({}, ["us-west-2b", "us-west-2b"]),
      /controlPlaneZones\.1 = "us-west-2b": is named twice/,
    ],
    [
      "a control plane in two zones at least",
      network({}, undefined),
      network({}, ["us-west-2a"]),
      /controlPlaneZones = \["us-west-2a"\]: /,
    ],
    [
      "public subnets by zone, where the control plane has some of the zones",
      threeZones(["subnet-a", "subnet-b", "subnet-c"]),
      threeZones(["subnet-a", "subnet-b"]),
      /publicSubnetIds = .*: has 2 subnets for 3 zones; write one per zone/,
    ],
    [
      "a subnet per zone of a VPC that exists",
      existing(["subnet-1", "subnet-2"]),
      existing(["subnet-1"]),
      /privateSubnetIds = \["subnet-1"\]: has 1 subnets for 2 zones; write one per zone/,
    ],
    [
      "node groups in its zones",
      nodeGroups({ zones: ["us-west-2b"] }),
      nodeGroups({ zones: ["us-west-2c"] }),
      /nodeGroups\.serving\.zones = "us-west-2c": is not a zone of the network; use us-west-2a, us-west-2b/,
    ],
    [
      "node group sizes in order",
      nodeGroups({ minSize: 4 }),
      nodeGroups({ minSize: 5 }),
      /nodeGroups\.serving\.minSize = 5: is more than maxSize 4/,
    ],
    [
      "system node sizes in order",
      cluster({ systemNodes: { minSize: 2, maxSize: 2 } }),
      cluster({ systemNodes: { minSize: 3, maxSize: 2 } }),
      /systemNodes\.minSize = 3: is more than maxSize 2/,
    ],
    [
      "every add-on at an exact version",
      cluster({ addonVersions: { coredns: "v1.14.3-eksbuild.16" } }),
      cluster({ addonVersions: { coredns: "latest" } }),
      /addonVersions\.coredns = "latest": is no EKS add-on version; write vX\.Y\.Z-eksbuild\.N/,
    ],
    [
      "system nodes of its Kubernetes version",
      cluster({ systemNodes: { amiRelease: "1.36.4-20260917" } }),
      cluster({ systemNodes: { amiRelease: "1.35.6-20260625" } }),
      /systemNodes\.amiRelease = "1\.35\.6-20260625": is no image of Kubernetes 1\.36; leave it out, or write 1\.36\.2-20260625/,
    ],
    [
      "an address block for managed stores in a VPC that exists",
      { ...existing(["subnet-1", "subnet-2"], "10.0.0.0/16"), ...managed },
      { ...existing(["subnet-1", "subnet-2"]), ...managed },
      /cluster\.network\.cidr: is missing; gateway\.redis is managed/,
    ],
    [
      "a database that starts within its limit",
      { ...cluster({}), gateway: { database: { kind: "managed", storageGiB: 100 } } },
      { ...cluster({}), gateway: { database: { kind: "managed", storageGiB: 101 } } },
      /gateway\.database\.storageGiB = 101: is more than maxStorageGiB 100/,
    ],
  ])("has %s", (_what, fine, caught, message) => {
    expect(problemLines(fine)).toEqual([]);
    expect(problemLines(caught).join("\n")).toMatch(message);
  });
});

test("managed stores need a cluster on AWS", () => {
  expect(problemLines({ gateway: { database: { kind: "managed" } } }).join("\n")).toMatch(
    /gateway\.database\.kind = "managed": needs a cluster of kind eks, this one is existing; write inCluster/,
  );
});
